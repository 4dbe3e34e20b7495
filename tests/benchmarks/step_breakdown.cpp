// Where the time of Intact's quantized training step goes: milliseconds by part, from LibTorch's own record
// of operations (self time, so the parts add up to the step). Usage: step_breakdown [BATCH] [STEPS]; prints
// JSON. scripts/train_bench.sh runs it.
#include <ATen/record_function.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "benchmark_network.h"
#include "core/process.h"
#include "train/batch_loader.h"
#include "train/fused_sgd.h"

namespace intact::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

// Which part an operation belongs to: the first whose text its name holds.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kParts{{
    {"conv_forward", "convolution forward"},
    {"conv_backward_data", "convolution backward, data"},
    {"conv_backward_weights", "convolution backward, weights"},
    {"NormClamp", "fused kernels"},
    {"RoundClamp", "fused kernels"},
    {"PositiveScale", "fused kernels"},
    {"norm_clamp", "fused kernels"},
    {"round_clamp", "fused kernels"},
    {"moments", "fused kernels"},
    {"benchmark::optimizer", "optimizer"},
    {"benchmark::data", "waiting for data"},
    {"aten::empty", "allocation"},
    {"aten::add", "sums of gradients"},
    {"AccumulateGrad", "sums of gradients"},
    {"", "other operations and autograd"},
}};

std::string_view part_of(std::string_view name) {
  return std::find_if(kParts.begin(), kParts.end(),
                      [&](const auto& part) { return name.find(part.first) != name.npos; })
      ->second;
}

struct Running : at::ObserverContext {
  std::string_view part;
  Clock::time_point start;
  double inner = 0;  // time of what it called
};

std::map<std::string_view, double> time_of_parts;
std::vector<Running*> running;

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& function) {
  auto r = std::make_unique<Running>();
  r->part = part_of(function.name());
  running.push_back(r.get());
  r->start = Clock::now();
  return r;
}

void on_end(const at::RecordFunction& /*function*/, at::ObserverContext* context) {
  const auto* r = static_cast<const Running*>(context);
  const double whole = milliseconds(r->start);
  time_of_parts[r->part] += whole - r->inner;
  running.pop_back();
  if (!running.empty()) running.back()->inner += whole;
}

Dataset random_images() {
  Dataset data;
  data.height = data.width = 32;
  data.channels = 3;
  data.classes = 10;
  data.labels.resize(16384);
  data.images.resize(data.labels.size() * data.image_bytes());
  std::uint32_t state = 1;
  for (std::uint8_t& byte : data.images)
    byte = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 24U);
  for (std::uint8_t& label : data.labels)
    label = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 8U) % 10;
  return data;
}

nlohmann::json breakdown(int batch, int steps) {
  const auto network = benchmark_network();
  network->train();
  FusedSgd optimizer(network->parameters(), benchmark_sgd());
  const Dataset data = random_images();
  AugmentConfig augment;
  augment.flip = true;
  augment.shift = 4;
  auto loader = std::make_unique<BatchLoader>(data, augment, batch, std::uint8_t{120}, 1, 1, 0);
  const auto step = [&] {
    Batch images;
    {
      RECORD_FUNCTION("benchmark::data", std::vector<c10::IValue>());
      if (loader->done())
        loader = std::make_unique<BatchLoader>(data, augment, batch, std::uint8_t{120}, 1, 1, 0);
      images = loader->next();
    }
    drop_gradients(optimizer);
    const torch::Tensor logits = network->forward_quantized(images.images, {Statistics::kBatch, nullptr});
    at::cross_entropy_loss(logits, images.labels).backward();
    RECORD_FUNCTION("benchmark::optimizer", std::vector<c10::IValue>());
    optimizer.step();
  };
  for (int i = 0; i < 5; ++i) step();
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(&on_start, &on_end));
  const Clock::time_point start = Clock::now();
  for (int i = 0; i < steps; ++i) step();
  const double whole = milliseconds(start) / steps;
  at::removeCallback(handle);

  nlohmann::json result{{"batch", batch}, {"step_ms", whole}};
  double recorded = 0;
  for (const auto& [part, time] : time_of_parts) {
    result["parts_ms"][std::string(part)] = time / steps;
    recorded += time / steps;
  }
  result["parts_ms"]["between operations"] = whole - recorded;
  return result;
}

}  // namespace
}  // namespace intact::benchmarks

int main(int argc, char** argv) {
  intact::bound_openmp_spinning(argv);
  intact::keep_freed_memory();
  const int batch = argc > 1 ? std::atoi(argv[1]) : 32, steps = argc > 2 ? std::atoi(argv[2]) : 100;
  if (argc > 3 || batch < 1 || steps < 1) {
    std::cerr << "usage: step_breakdown [BATCH] [STEPS]\n";
    return 2;
  }
  torch::manual_seed(1);
  at::set_num_threads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  std::cout << intact::benchmarks::breakdown(batch, steps).dump(2) << '\n';
  return 0;
}
