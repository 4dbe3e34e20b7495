// Training steps of ResNet-8 at CIFAR size, images a second: LibTorch in float, naive fake quantization,
// Intact's float form and Intact's quantized training (W4A4, LSQ, per channel), that with float convolutions
// too. scripts/train_bench.sh runs it and compares the medians of one run.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>
#include <thread>
#include <type_traits>

#include "benchmark_network.h"
#include "core/process.h"
#include "naive_fake_quant.h"
#include "nn/int8_conv.h"
#include "train/fused_sgd.h"

namespace intact::benchmarks {
namespace {

struct Data {
  explicit Data(std::int64_t batch)
      : codes(torch::randint(0, 256, {batch, 32, 32, 3}, torch::kUInt8)),
        labels(torch::randint(0, 10, {batch}, torch::kInt64)) {}
  torch::Tensor codes, labels;
};

template <typename Optimizer, typename Forward>
void steps(benchmark::State& state, torch::nn::Module& network, Forward forward) {
  constexpr bool kIntact = std::is_same_v<Optimizer, FusedSgd>;
  torch::manual_seed(1);
  const Data data(state.range(0));
  network.train();
  Optimizer optimizer(network.parameters(), benchmark_sgd());
  const auto step = [&] {
    if constexpr (kIntact) {
      drop_gradients(optimizer);
    } else {
      optimizer.zero_grad();
    }
    at::cross_entropy_loss(forward(data.codes), data.labels).backward();
    optimizer.step();
  };
  for (int i = 0; i < 3; ++i) step();  // libraries prepare their kernels for new shapes
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

torch::Tensor to_float(const torch::Tensor& codes) {
  return ((codes.to(torch::kFloat32) - 120) * (1.0 / 64.0)).permute({0, 3, 1, 2});
}

void BM_LibTorchFloat(benchmark::State& state) {
  PlainResNet8 network(false);
  steps<torch::optim::SGD>(state, network,
                           [&](const torch::Tensor& codes) { return network.forward(to_float(codes)); });
}

void BM_NaiveFakeQuant(benchmark::State& state) {
  PlainResNet8 network(true);
  steps<torch::optim::SGD>(state, network,
                           [&](const torch::Tensor& codes) { return network.forward(to_float(codes)); });
}

void BM_IntactFloat(benchmark::State& state) {
  const auto network = benchmark_network();
  steps<FusedSgd>(state, *network, [&](const torch::Tensor& codes) {
    return network->forward_float(codes, {Statistics::kBatch, false});
  });
}

void BM_IntactQuantized(benchmark::State& state) {
  const auto network = benchmark_network();
  steps<FusedSgd>(state, *network, [&](const torch::Tensor& codes) {
    return network->forward_quantized(codes, {Statistics::kBatch, nullptr});
  });
}

void BM_IntactQuantizedFloatConvolutions(benchmark::State& state) {
  set_int8_conv(false);
  BM_IntactQuantized(state);
  set_int8_conv(true);
}

void BM_IntactQuantizedSplitBackward(benchmark::State& state) {
  set_split_backward(true);
  BM_IntactQuantized(state);
  set_split_backward(false);
}

BENCHMARK(BM_LibTorchFloat)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_NaiveFakeQuant)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_IntactFloat)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_IntactQuantized)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_IntactQuantizedFloatConvolutions)->Arg(32)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_IntactQuantizedSplitBackward)->Arg(32)->Arg(128)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace intact::benchmarks

// As many threads as `intact train` takes by default, waiting and allocating as it does.
int main(int argc, char** argv) {
  intact::bound_openmp_spinning(argv);
  intact::keep_freed_memory();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  at::set_num_threads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
