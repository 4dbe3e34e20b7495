// intact run BLOB --input FILE
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/exported_blob.h"
#include "cli/host_runtime.h"
#include "cli/json_file.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "data/npy.h"

namespace intact {
namespace {

struct Options {
  std::string blob, input, json;
};

// The input's bytes: a .npy array of uint8, or the file as it is. Any number of images of the network's input
// size.
std::vector<std::uint8_t> read_input(const std::string& file, const HostRuntime& model) {
  const intact_tensor in = model.input();
  const std::string wanted =
      std::to_string(in.height) + "x" + std::to_string(in.width) + "x" + std::to_string(in.channels);
  std::vector<std::uint8_t> bytes;
  if (file.size() > 4 && file.compare(file.size() - 4, 4, ".npy") == 0) {
    bytes = read_npy(file).data;
  } else {
    bytes = read_file(file, std::size_t{1} << 31);
  }
  if (bytes.empty() || bytes.size() % in.bytes != 0) {
    throw Error(file + ": " + std::to_string(bytes.size()) + " bytes of input; the network takes images of " +
                wanted + " = " + std::to_string(in.bytes) +
                " bytes (uint8, height, width, channel), one or several");
  }
  return bytes;
}

int run_blob(const Options& o) {
  const ExportedBlob blob = read_blob_file(o.blob);
  HostRuntime model(blob.bytes);
  const std::vector<std::uint8_t> input = read_input(o.input, model);
  const Graph& graph = blob.contents.lowered.graph;
  std::FILE* const text = text_output(o.json);
  const double scale = graph.tensors[static_cast<std::size_t>(graph.output)].scale;

  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  const std::size_t size = model.input_bytes();
  for (std::size_t at = 0; at < input.size(); at += size) {
    std::vector<std::int32_t> logits;
    model.run(std::span(input).subspan(at, size), [&](std::uint32_t node, const intact_tensor& out) {
      if (node + 1 != model.node_count()) return;
      logits.resize(static_cast<std::size_t>(out.height) * out.width * out.channels);
      unpack_values(out, logits.data());
    });
    std::fprintf(text, "class %u  logits", model.argmax());
    for (std::int32_t v : logits) std::fprintf(text, " %d", v);
    std::fputc('\n', text);
    results.push_back({{"class", model.argmax()}, {"logits", logits}});
  }
  std::fprintf(text, "(a real logit is %.9g times the integer)\n", scale);
  write_json(o.json, {{"scale", scale}, {"results", results}});
  return kExitDone;
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("run", "Run a blob on input data in the runtime");
  verb->add_option("blob", o->blob, "Blob file")->required();
  verb->add_option("--input", o->input,
                   "Raw uint8 file (height, width, channel), or .npy of uint8; one image or several")
      ->required();
  verb->add_option("--json", o->json, "Write the result as JSON to this file (-: standard output)");
  verb->callback([o, &exit_code] { exit_code = run_blob(*o); });
}

}  // namespace intact
