#include "config/map_reader.h"
#include "config/sections.h"

namespace intact {
namespace {

AdaroundConfig read_adaround(const TreeNode& node) {
  const MapReader map(node, "calibrate.adaround",
                      {"iterations", "batch_size", "lr", "regularizer", "warmup", "beta_start", "beta_end"});
  AdaroundConfig adaround;
  map.integer("iterations", adaround.iterations, {0, 10000000});
  map.integer("batch_size", adaround.batch_size, {1, 65536});
  map.real("lr", adaround.lr, {0.0, 100.0, true});
  map.real("regularizer", adaround.regularizer, {0.0, 1e6});
  map.real("warmup", adaround.warmup, {0.0, 1.0});
  map.real("beta_start", adaround.beta_start, {1.0, 1000.0});
  map.real("beta_end", adaround.beta_end, {1.0, 1000.0});
  return adaround;
}

}  // namespace

CalibrateConfig read_calibrate(const TreeNode& node) {
  const MapReader map(node, "calibrate",
                      {"batches", "weights", "activations", "equalize", "bias_correction", "adaround"});
  CalibrateConfig calibrate;
  map.integer("batches", calibrate.batches, {1, 1000000});
  map.choice("weights", calibrate.weights);
  map.choice("activations", calibrate.activations);
  map.boolean("equalize", calibrate.equalize);
  map.boolean("bias_correction", calibrate.bias_correction);
  if (const TreeNode* adaround = map.find("adaround")) calibrate.adaround = read_adaround(*adaround);
  return calibrate;
}

}  // namespace intact
