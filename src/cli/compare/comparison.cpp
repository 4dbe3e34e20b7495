#include "cli/compare/comparison.h"

#include <algorithm>

#include "core/error.h"
#include "integer/oracle.h"

namespace intact {
namespace {

constexpr std::int64_t kBatch = 100;

// Samples in order, layers in order: `first` is the earliest sample's earliest layer of this batch.
void compare_batch(const Graph& graph, const NodeValues& a, const NodeValues& b, std::int64_t first_sample,
                   std::int64_t count, PairResult& result) {
  for (std::int64_t sample = 0; sample < count; ++sample) {
    for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
      const auto n = static_cast<std::int64_t>(node_elements(graph, node));
      const std::int32_t* x = a[node].data() + sample * n;
      const std::int32_t* y = b[node].data() + sample * n;
      ++result.tensors;
      result.values += n;
      if (std::equal(x, x + n, y)) continue;
      for (std::int64_t i = 0; i < n; ++i) {
        if (x[i] == y[i]) continue;
        ++result.different;
        if (result.first) continue;
        const auto& tensor = graph.tensors[static_cast<std::size_t>(graph.nodes[node].output)];
        result.first = Difference{tensor.name, first_sample + sample, i, x[i], y[i]};
      }
    }
  }
}

// Sums a rung's score over samples.
class Score {
 public:
  Score(const Graph& graph, const Dataset& data, LossKind loss)
      : data_(data),
        loss_(loss),
        input_(graph.tensors[static_cast<std::size_t>(graph.input)]),
        output_scale_(graph.tensors[static_cast<std::size_t>(graph.output)].scale) {}

  double of(const std::vector<std::int32_t>& outputs, std::int64_t first, std::int64_t count) const {
    const std::size_t n = outputs.size() / static_cast<std::size_t>(count);
    double sum = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const auto sample = std::span(outputs).subspan(i * n, n);
      sum += score(sample, static_cast<std::size_t>(first) + i);
    }
    return sum;
  }

 private:
  double score(std::span<const std::int32_t> outputs, std::size_t sample) const {
    if (loss_ == LossKind::kCrossEntropy) return argmax(outputs) == data_.labels[sample] ? 1 : 0;
    const auto codes = data_.image(sample);
    double squares = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const double error = output_scale_ * outputs[i] - input_.scale * (codes[i] - input_.grid.z);
      squares += error * error;
    }
    return squares / static_cast<double>(outputs.size());
  }

  const Dataset& data_;
  LossKind loss_;
  const TensorInfo& input_;
  double output_scale_;
};

}  // namespace

bool Comparison::equal() const {
  return std::all_of(pairs.begin(), pairs.end(), [](const PairResult& p) { return p.different == 0; });
}

Comparison compare_rungs(const Graph& graph, const Dataset& data, std::int64_t limit,
                         const std::vector<std::unique_ptr<Rung>>& rungs, LossKind loss,
                         const std::function<void(std::int64_t)>& progress) {
  if (limit < 1) throw Error("compare: there is no sample to compare on");
  Comparison result;
  result.loss = loss;
  const Score score(graph, data, loss);
  for (const auto& rung : rungs) result.rungs.push_back({rung->name(), rung->samples(limit), 0});
  for (std::size_t a = 0; a < rungs.size(); ++a) {
    for (std::size_t b = a + 1; b < rungs.size(); ++b)
      result.pairs.push_back({rungs[a]->name(), rungs[b]->name(), 0, 0, 0, {}});
  }
  for (std::int64_t first = 0; first < limit; first += kBatch) {
    std::vector<NodeValues> values(rungs.size());
    std::vector<std::int64_t> counts(rungs.size());
    for (std::size_t i = 0; i < rungs.size(); ++i) {
      const std::int64_t count =
          std::clamp<std::int64_t>(result.rungs[i].samples - first, 0, std::min(kBatch, limit - first));
      counts[i] = count;
      if (count == 0) continue;
      const auto bytes = data.image_bytes();
      values[i] = rungs[i]->run(
          std::span(data.images)
              .subspan(static_cast<std::size_t>(first) * bytes, static_cast<std::size_t>(count) * bytes),
          first, count);
      result.rungs[i].score += score.of(values[i].back(), first, count);
    }
    std::size_t pair = 0;
    for (std::size_t a = 0; a < rungs.size(); ++a) {
      for (std::size_t b = a + 1; b < rungs.size(); ++b, ++pair) {
        compare_batch(graph, values[a], values[b], first, std::min(counts[a], counts[b]), result.pairs[pair]);
      }
    }
    progress(std::min(first + kBatch, limit));
  }
  for (RungResult& rung : result.rungs)
    rung.score /= static_cast<double>(std::max<std::int64_t>(1, rung.samples));
  return result;
}

}  // namespace intact
