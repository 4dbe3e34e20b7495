#include "train/evaluate.h"

#include "quant/libtorch.h"

#include <algorithm>
#include <functional>

#include "train/batch_loader.h"

namespace intact {
namespace {

constexpr std::int64_t kEvaluationBatch = 250;

Evaluation evaluate(const Dataset& data,
                    const std::function<torch::Tensor(const torch::Tensor&)>& real_logits) {
  torch::NoGradGuard no_grad;
  Evaluation e;
  double loss = 0;
  std::int64_t correct = 0;
  const auto total = static_cast<std::int64_t>(data.size());
  for (std::int64_t first = 0; first < total; first += kEvaluationBatch) {
    const std::int64_t n = std::min(kEvaluationBatch, total - first);
    const Batch batch = plain_batch(data, first, n);
    const torch::Tensor logits = real_logits(batch.images);
    loss += at::cross_entropy_loss(logits, batch.labels, {}, at::Reduction::Sum).item<double>();
    correct += logits.argmax(1).eq(batch.labels).sum().item<std::int64_t>();
    e.samples += n;
  }
  e.loss = loss / static_cast<double>(std::max<std::int64_t>(1, e.samples));
  e.accuracy = static_cast<double>(correct) / static_cast<double>(std::max<std::int64_t>(1, e.samples));
  return e;
}

}  // namespace

Evaluation evaluate_float(Network& network, const Dataset& data) {
  return evaluate(data, [&](const torch::Tensor& codes) {
    return network.forward_float(codes, {Statistics::kRunning, false});
  });
}

Evaluation evaluate_integers(const IntegerNetwork& network, const Dataset& data) {
  const double scale = network.graph().tensors[static_cast<std::size_t>(network.graph().output)].scale;
  // float64 holds the int32 logits, and so their order, exactly.
  return evaluate(
      data, [&](const torch::Tensor& codes) { return network.logits(codes).to(torch::kFloat64) * scale; });
}

}  // namespace intact
