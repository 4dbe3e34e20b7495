#include "synthetic_idx.h"

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "core/random.h"

namespace intact::test {
namespace {

constexpr int kExtent = 8, kClasses = 4;

void put_u32(std::ofstream& file, std::uint32_t v) {
  for (int shift = 24; shift >= 0; shift -= 8) file.put(static_cast<char>(v >> shift));
}

void write_split(const std::filesystem::path& folder, const std::string& prefix, std::uint32_t count,
                 std::uint64_t seed) {
  std::ofstream images(folder / (prefix + "-images-idx3-ubyte"), std::ios::binary),
      labels(folder / (prefix + "-labels-idx1-ubyte"), std::ios::binary);
  put_u32(images, 0x803);
  put_u32(images, count);
  put_u32(images, kExtent);
  put_u32(images, kExtent);
  put_u32(labels, 0x801);
  put_u32(labels, count);
  RandomStream random(seed, {3});
  for (std::uint32_t i = 0; i < count; ++i) {
    const int label = static_cast<int>(i % kClasses);
    labels.put(static_cast<char>(label));
    for (int y = 0; y < kExtent; ++y) {
      for (int x = 0; x < kExtent; ++x)
        images.put(static_cast<char>(random.below(120) + (y / 2 == label ? 90 : 0)));
    }
  }
}

}  // namespace

void write_synthetic_idx(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  write_split(folder, "train", 320, 1);
  write_split(folder, "t10k", 60, 2);
}

std::string synthetic_config(const std::filesystem::path& data_folder) {
  return "name: synthetic\nseed: 7\nthreads: 2\ndata: {kind: idx, path: " + data_folder.string() +
         ", mean: 0.3, std: 0.25, augment: {shift: 1}}\n" + R"(
model:
  layers:
    - {name: stem, type: conv, out: 8, kernel: 3, padding: 1, batch_norm: true, activation: relu}
    - {name: mid, type: conv, out: 8, kernel: 3, padding: 1, batch_norm: true, residual: stem, activation: relu}
    - {name: sign, type: conv, out: 8, kernel: 3, stride: 2, padding: 1, batch_norm: true}
    - {name: xnor, type: conv, out: 8, kernel: 3, padding: 1, batch_norm: true, activation: relu}
    - {name: classifier, type: linear, out: 4}
quantization:
  weights: {quantizer: lsq, bits: 4}
  activations: {quantizer: lsq, bits: 4}
  overrides:
    - {layers: stem, weights: {quantizer: uniform, bits: 8}, activations: {quantizer: pact, bits: 4}}
    - {layers: mid, activations: {quantizer: uniform, bits: 3}}
    - {layers: sign, activations: {quantizer: binary}}
    - {layers: xnor, weights: {quantizer: binary}}
train:
  batch_size: 32
  optimizer: {kind: sgd, lr: 0.05}
  checkpoint_steps: 3
  phases:
    - {kind: float, epochs: 1}
    - {kind: calibrate, batches: 2}
    - {kind: qat, epochs: 2, lr: 0.02}
    - {kind: frozen, epochs: 1, batches: 8, lr: 0.002}
export: {golden_vectors: 4}
)";
}

ScratchFolder::ScratchFolder() {
  static int count = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("intact-test-" + std::to_string(getpid()) + "-" + std::to_string(++count));
  std::filesystem::create_directories(path_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace intact::test
