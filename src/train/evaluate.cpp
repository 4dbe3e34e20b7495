#include "train/evaluate.h"

#include "quant/libtorch.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <functional>

#include "train/batch_loader.h"
#include "train/loss.h"

namespace intact {
namespace {

constexpr std::int64_t kEvaluationBatch = 250;

Evaluation evaluate(const Dataset& data, const Loss& loss,
                    const std::function<torch::Tensor(const torch::Tensor&)>& real_outputs) {
  torch::NoGradGuard no_grad;
  Evaluation e;
  double sum = 0;
  std::int64_t correct = 0;
  const auto total = static_cast<std::int64_t>(data.size());
  for (std::int64_t first = 0; first < total; first += kEvaluationBatch) {
    const std::int64_t n = std::min(kEvaluationBatch, total - first);
    const Batch batch = plain_batch(data, first, n);
    const torch::Tensor outputs = real_outputs(batch.images);
    sum += loss.mean(outputs, batch).item<double>() * static_cast<double>(n);
    correct += loss.correct(outputs, batch);
    e.samples += n;
  }
  const auto samples = static_cast<double>(std::max<std::int64_t>(1, e.samples));
  e.loss = sum / samples;
  if (loss.classifies()) e.accuracy = static_cast<double>(correct) / samples;
  return e;
}

}  // namespace

std::string to_text(const Evaluation& e) {
  const std::string loss = fmt::format("loss {:.4f}", e.loss);
  return e.accuracy ? loss + fmt::format(", accuracy {:.2f} %", 100.0 * *e.accuracy) : loss;
}

Evaluation evaluate_float(Network& network, const Dataset& data, LossKind loss) {
  const InputSpec& input = network.input();
  return evaluate(data, Loss(loss, input.scale, input.zero_point), [&](const torch::Tensor& codes) {
    return network.forward_float(codes, {Statistics::kRunning, false});
  });
}

Evaluation evaluate_integers(const IntegerNetwork& network, const Dataset& data, LossKind loss) {
  const Graph& graph = network.graph();
  const auto& input = graph.tensors[static_cast<std::size_t>(graph.input)];
  const double scale = graph.tensors[static_cast<std::size_t>(graph.output)].scale;
  // float64 holds the int32 outputs, and so their order, exactly.
  return evaluate(data, Loss(loss, input.scale, input.grid.z), [&](const torch::Tensor& codes) {
    return network.logits(codes).to(torch::kFloat64) * scale;
  });
}

}  // namespace intact
