#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "exporters/kernels/conv_shape.h"
#include "exporters/kernels/kernel_options.h"
#include "exporters/passes/liveness.h"
#include "exporters/passes/passes.h"
#include "exporters/passes/stream_schedule.h"
#include "exporters/passes/tensor_memory.h"
#include "runtime/intact_stream.h"

namespace intact {
namespace {

// Estimated instructions of a step beside its kernel, and of moving a byte of rows that are still needed.
constexpr double kStepInstructions = 1000, kMovedByteInstructions = 4;

struct Choice {
  Stream stream;
  std::uint64_t demand = 0;
  double instructions = 0;
};

// The rows that a node makes in the bands, without bands in which it makes none.
std::vector<BandRows> steps_of(const StreamSchedule& schedule, int node) {
  std::vector<BandRows> steps;
  for (std::size_t band = 0; band < schedule.bands(); ++band) {
    const BandRows& rows = schedule.rows(band, node);
    if (rows.first < rows.end) steps.push_back(rows);
  }
  return steps;
}

// A convolution's cheapest kernels, whole and in parts.
class NodeKernels {
 public:
  NodeKernels(const Lowered& lowered, std::size_t node)
      : options_(&lowered.options),
        conv_(conv_shape(lowered.graph, lowered.graph.nodes[node], lowered.nodes[node].layout)),
        kernels_(exact_kernels(lowered.graph.nodes[node], conv_)) {}

  const KernelOption& whole() { return in_parts({{0, conv_.output.height, 0}}); }

  const KernelOption& in_parts(const std::vector<BandRows>& steps) {
    const std::vector<ConvPart> parts = parts_of(steps);
    Key key;
    for (const ConvPart& p : parts) {
      key.emplace_back(p.conv.input.height, p.conv.output.height, p.conv.window.pad_top,
                       p.conv.window.pad_bottom, p.times);
    }
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    const std::vector<KernelOption> options =
        kernel_options(kernels_, parts, options_->target, options_->scratch_limit);
    return known_.emplace(std::move(key), pick_kernel(options, *options_)).first->second;
  }

 private:
  using Key = std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, int>>;

  // Equal parts once.
  std::vector<ConvPart> parts_of(const std::vector<BandRows>& steps) const {
    std::vector<ConvPart> parts;
    for (const BandRows& rows : steps) {
      const intact_conv conv = conv_rows(conv_, rows.first, rows.end);
      const auto equal = std::find_if(parts.begin(), parts.end(), [&](const ConvPart& p) {
        return p.conv.input.height == conv.input.height && p.conv.output.height == conv.output.height &&
               p.conv.window.pad_top == conv.window.pad_top &&
               p.conv.window.pad_bottom == conv.window.pad_bottom;
      });
      if (equal == parts.end()) {
        parts.push_back({conv, 1});
      } else {
        ++equal->times;
      }
    }
    return parts;
  }

  const LowerOptions* options_;
  intact_conv conv_;
  std::vector<ExactKernel> kernels_;
  std::map<Key, KernelOption> known_;
};

// Demands of the arena outside streams do not depend on the streams, nor does a stream's on the others: so
// the best choice is found stretch by stretch.
class StreamPlanner {
 public:
  explicit StreamPlanner(const Lowered& lowered)
      : lowered_(lowered),
        graph_(lowered.graph),
        count_(static_cast<int>(graph_.nodes.size())),
        lifetimes_(tensor_lifetimes(graph_)),
        demands_(arena_demands(lowered)),
        peak_(*std::max_element(demands_.begin(), demands_.end())) {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      kernels_.emplace_back();
      if (graph_.nodes[i].state.op == Op::kConv) kernels_.back().emplace(lowered, i);
    }
    measure_entering();
  }

  void plan(Lowered& result) {
    choices_.resize(static_cast<std::size_t>(count_));
    for (int first = 0; first < count_; ++first) {
      for (int last = first + 1; last < count_ && last - first < INTACT_STREAM_NODES; ++last)
        find_choices(first, last);
    }
    const std::uint64_t smallest = smallest_peak();
    if (smallest < peak_) store(result, cheapest(smallest));
  }

 private:
  std::uint64_t bytes(int tensor) const {
    return align_arena(tensor_bytes(graph_.tensors[static_cast<std::size_t>(tensor)]));
  }

  // Per node, the bytes of the tensors from before it that it or a later node reads.
  void measure_entering() {
    std::vector<std::int64_t> change(static_cast<std::size_t>(count_) + 1, 0);
    for (std::size_t t = 0; t < graph_.tensors.size(); ++t) {  // made by node t - 1
      if (lifetimes_[t].last < static_cast<int>(t)) continue;
      const auto taken = static_cast<std::int64_t>(bytes(static_cast<int>(t)));
      change[t] += taken;
      change[static_cast<std::size_t>(lifetimes_[t].last) + 1] -= taken;
    }
    std::int64_t live = 0;
    for (int i = 0; i < count_; ++i)
      entering_.push_back(static_cast<std::uint64_t>(live += change[static_cast<std::size_t>(i)]));
  }

  void find_choices(int first, int last) {
    const int height = graph_.tensors[static_cast<std::size_t>(last) + 1].shape.h;
    int rows = 0;
    for (int bands = 2; bands <= std::min(height, static_cast<int>(INTACT_MAX_BANDS)); ++bands) {
      if ((height + bands - 1) / bands == rows) continue;
      rows = (height + bands - 1) / bands;
      const std::optional<StreamSchedule> schedule =
          StreamSchedule::make(graph_, lifetimes_, {first, last, rows});
      if (!schedule) continue;
      if (const std::optional<Choice> choice = weigh(*schedule))
        choices_[static_cast<std::size_t>(last)].push_back(*choice);
    }
  }

  // Nothing where the demand is not below the peak without streams.
  std::optional<Choice> weigh(const StreamSchedule& schedule) {
    const Stream& stream = schedule.stream();
    Choice choice{stream, entering_[static_cast<std::size_t>(stream.first)], 0};
    std::uint64_t in_place = 0;
    for (int i = stream.first; i <= stream.last; ++i) {
      const TensorInfo& output = graph_.tensors[static_cast<std::size_t>(i) + 1];
      const std::uint64_t row = tensor_bytes(output) / static_cast<std::uint32_t>(output.shape.h);
      choice.demand += align_arena(row * schedule.rows_in_memory(i));
      if (lies_in_place(schedule, i)) in_place += bytes(i + 1);
      choice.instructions += moves(schedule, i, static_cast<double>(row));
    }
    choice.demand -= in_place;
    std::uint64_t scratch = 0;
    for (int i = stream.first; i <= stream.last && choice.demand + scratch < peak_; ++i) {
      auto& kernels = kernels_[static_cast<std::size_t>(i)];
      if (!kernels) continue;
      const KernelOption& option = kernels->in_parts(steps_of(schedule, i));
      choice.instructions += option.instructions;
      scratch = std::max({scratch, scratch_of(i, option), whole_scratch(i)});
    }
    choice.demand += scratch;
    if (choice.demand >= peak_) return std::nullopt;
    return choice;
  }

  // Counts in streams too: they are chosen for the tensors' memory, not for slower kernels with less scratch,
  // which the limit of scratch is there for.
  std::uint64_t whole_scratch(int node) const {
    return lowered_.nodes[static_cast<std::size_t>(node)].scratch_bytes;
  }

  std::uint64_t scratch_of(int node, const KernelOption& option) const {
    const std::uint32_t least = required_scratch(graph_, graph_.nodes[static_cast<std::size_t>(node)]);
    return align_arena(std::max(least, option.scratch_bytes));
  }

  bool lies_in_place(const StreamSchedule& schedule, int node) const {
    const std::vector<int> operands = in_place_operands(graph_, lifetimes_, node);
    return std::any_of(operands.begin(), operands.end(),
                       [&](int operand) { return schedule.may_lie_in_place(node, operand); });
  }

  // Instructions of the steps' beginnings and of the rows that move.
  static double moves(const StreamSchedule& schedule, int node, double row_bytes) {
    double moved = 0;
    for (std::size_t band = 1; band < schedule.bands(); ++band) {
      const BandRows& rows = schedule.rows(band, node);
      if (rows.kept > schedule.rows(band - 1, node).kept) moved += row_bytes * (rows.first - rows.kept);
    }
    return static_cast<double>(schedule.bands()) * kStepInstructions + moved * kMovedByteInstructions;
  }

  std::uint64_t smallest_peak() const {
    std::vector<std::uint64_t> peaks{0};  // of the first nodes, as many as the index says
    for (int i = 0; i < count_; ++i) {
      std::uint64_t best = std::max(peaks.back(), demands_[static_cast<std::size_t>(i)]);
      for (const Choice& choice : choices_[static_cast<std::size_t>(i)])
        best = std::min(best, std::max(peaks[static_cast<std::size_t>(choice.stream.first)], choice.demand));
      peaks.push_back(best);
    }
    return peaks.back();
  }

  // The streams of the fewest instructions with demands of at most `peak`.
  std::vector<Stream> cheapest(std::uint64_t peak) {
    struct Best {
      double instructions = std::numeric_limits<double>::infinity();
      const Choice* last = nullptr;  // null: the last node is in no stream
    };
    std::vector<Best> best{{0, nullptr}};
    for (int i = 0; i < count_; ++i) {
      const auto node = static_cast<std::size_t>(i);
      Best here;
      if (demands_[node] <= peak)
        here = {best.back().instructions + (kernels_[node] ? kernels_[node]->whole().instructions : 0),
                nullptr};
      for (const Choice& choice : choices_[node]) {
        const double sum =
            best[static_cast<std::size_t>(choice.stream.first)].instructions + choice.instructions;
        if (choice.demand <= peak && sum < here.instructions) here = {sum, &choice};
      }
      best.push_back(here);
    }
    std::vector<Stream> streams;
    for (int i = count_; i > 0;) {
      const Choice* last = best[static_cast<std::size_t>(i)].last;
      if (last != nullptr) streams.push_back(last->stream);
      i = last != nullptr ? last->stream.first : i - 1;
    }
    std::reverse(streams.begin(), streams.end());
    return streams;
  }

  void store(Lowered& result, std::vector<Stream> streams) {
    for (const TensorInfo& tensor : graph_.tensors)
      result.tensor_rows.push_back(static_cast<std::uint32_t>(tensor.shape.h));
    for (const Stream& stream : streams) {
      const std::optional<StreamSchedule> schedule = StreamSchedule::make(graph_, lifetimes_, stream);
      for (int i = stream.first; i <= stream.last; ++i) {
        const auto node = static_cast<std::size_t>(i);
        result.tensor_rows[node + 1] = schedule.value().rows_in_memory(i);
        if (!kernels_[node]) continue;
        const KernelOption& option = kernels_[node]->in_parts(steps_of(*schedule, i));
        result.nodes[node].kernel = option.choice;
        result.nodes[node].scratch_bytes = static_cast<std::uint32_t>(scratch_of(i, option));
      }
    }
    result.streams = std::move(streams);
  }

  const Lowered& lowered_;
  const Graph& graph_;
  int count_;
  std::vector<Lifetime> lifetimes_;
  std::vector<std::uint64_t> demands_, entering_;
  std::uint64_t peak_;
  std::vector<std::optional<NodeKernels>> kernels_;  // of convolutions
  std::vector<std::vector<Choice>> choices_;         // per node, the streams that end with it
};

}  // namespace

void plan_streams(Lowered& lowered) {
  if (!lowered.options.stream) return;
  const Lowered whole = lowered;
  StreamPlanner(whole).plan(lowered);
}

}  // namespace intact
