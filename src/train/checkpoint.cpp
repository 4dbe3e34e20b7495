#include "train/checkpoint.h"

#include "quant/libtorch.h"

#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <vector>

#include "core/atomic_file.h"
#include "core/error.h"

namespace intact {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Progress, stage, stage_ready, epoch, step, loss_sum, correct, seen,
                                   metrics_bytes, seconds, quantized_accuracy, float_accuracy)

namespace {

constexpr int kCheckpointVersion = 1;

torch::Tensor to_tensor(const void* data, std::size_t size) {
  torch::Tensor t = torch::empty({static_cast<std::int64_t>(size)}, torch::kUInt8);
  if (size > 0) std::memcpy(t.data_ptr<std::uint8_t>(), data, size);
  return t;
}

std::span<const std::uint8_t> bytes_of(const torch::Tensor& t) {
  return {t.data_ptr<std::uint8_t>(), static_cast<std::size_t>(t.numel())};
}

}  // namespace

void save_checkpoint(const std::filesystem::path& file, const Progress& progress,
                     const CheckpointParts& parts, const std::optional<Graph>& graph,
                     const std::string& config) {
  torch::serialize::OutputArchive archive, network, reference, optimizer, average;
  const bool averages = parts.average != nullptr && parts.average->count() > 0;
  const std::string header =
      nlohmann::json{
          {"version", kCheckpointVersion}, {"progress", progress}, {"config", config},
          {"graph", graph.has_value()},    {"average", averages},  {"optimizer", parts.optimizer != nullptr}}
          .dump();
  archive.write("header", to_tensor(header.data(), header.size()), /*is_buffer=*/true);
  parts.network.save(network);
  parts.reference.save(reference);
  archive.write("network", network);
  archive.write("reference", reference);
  if (parts.optimizer != nullptr) {
    parts.optimizer->save(optimizer);
    archive.write("optimizer", optimizer);
  }
  if (averages) {
    parts.average->save(average);
    archive.write("average", average);
  }
  if (graph) {
    const std::vector<std::uint8_t> bytes = serialize_graph(*graph);
    archive.write("graph", to_tensor(bytes.data(), bytes.size()), /*is_buffer=*/true);
  }
  std::ostringstream stream;
  archive.save_to(stream);
  const std::string bytes = std::move(stream).str();
  atomic_write_file(file, std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

Checkpoint::Checkpoint(const std::filesystem::path& file) : file_(file) {
  if (!std::filesystem::exists(file))
    throw Error(file.string() + ": no checkpoint here; train the run first");
  try {
    archive_.load_from(file.string());
    torch::Tensor header;
    archive_.read("header", header, /*is_buffer=*/true);
    const auto text = bytes_of(header);
    const auto json = nlohmann::json::parse(text.begin(), text.end());
    if (json.at("version").get<int>() != kCheckpointVersion) {
      throw Error("checkpoint version " + json.at("version").dump() + ", this program reads " +
                  std::to_string(kCheckpointVersion));
    }
    progress_ = json.at("progress").get<Progress>();
    config_ = json.at("config").get<std::string>();
    has_optimizer_ = json.at("optimizer").get<bool>();
    has_average_ = json.value("average", false);
    if (json.at("graph").get<bool>()) {
      torch::Tensor bytes;
      archive_.read("graph", bytes, /*is_buffer=*/true);
      graph_ = parse_graph(bytes_of(bytes));
    }
  } catch (const c10::Error& e) {
    throw Error(file.string() + ": damaged checkpoint: " + e.what_without_backtrace());
  } catch (const std::exception& e) {
    throw Error(file.string() + ": damaged checkpoint: " + e.what());
  }
}

void Checkpoint::restore(const CheckpointParts& parts) {
  try {
    torch::serialize::InputArchive network, reference, optimizer, average;
    archive_.read("network", network);
    parts.network.load(network);
    archive_.read("reference", reference);
    parts.reference.load(reference);
    if (has_optimizer_ && parts.optimizer != nullptr) {
      archive_.read("optimizer", optimizer);
      parts.optimizer->load(optimizer);
    }
    if (has_average_ && parts.average != nullptr) {
      archive_.read("average", average);
      parts.average->load(average);
    }
  } catch (const c10::Error& e) {
    throw Error(file_.string() +
                ": the checkpoint does not belong to this network: " + e.what_without_backtrace());
  }
}

}  // namespace intact
