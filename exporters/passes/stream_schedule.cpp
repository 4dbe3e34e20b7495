#include "exporters/passes/stream_schedule.h"

#include <algorithm>

#include "exporters/kernels/conv_shape.h"
#include "exporters/passes/tensor_memory.h"
#include "runtime/intact_stream.h"

namespace intact {
namespace {

std::uint32_t height(const Graph& graph, int tensor) {
  return static_cast<std::uint32_t>(graph.tensors[static_cast<std::size_t>(tensor)].shape.h);
}

std::uint64_t row_bytes(const Graph& graph, int tensor) {
  const TensorInfo& info = graph.tensors[static_cast<std::size_t>(tensor)];
  return std::uint64_t{pixel_bytes(info)} * static_cast<std::uint64_t>(info.shape.w);
}

bool reads_same_rows(const Node& node, std::size_t input) {
  return node.state.op == Op::kAdd || input > 0;
}

const Node& node_of(const Graph& graph, int node) {
  return graph.nodes[static_cast<std::size_t>(node)];
}

// Of input `input`, what rows first .. end - 1 of the node's output read.
intact_window_rows rows_read(const Graph& graph, const Node& node, std::size_t input, std::uint32_t first,
                             std::uint32_t end) {
  if (reads_same_rows(node, input)) return {first, end, 0, 0};
  const intact_window window = window_of(node.state.window);
  return intact_window_reads(&window, height(graph, node.inputs[0]), height(graph, node.output), first, end);
}

// The first row of input `input` that row `first` of the node's output and later ones read.
std::uint32_t first_read(const Graph& graph, const Node& node, std::size_t input, std::uint32_t first) {
  if (reads_same_rows(node, input)) return first;
  const intact_window window = window_of(node.state.window);
  return intact_first_read(&window, height(graph, node.inputs[0]), first);
}

}  // namespace

// Every output but the last is read within the stream, so that all its rows are asked for.
bool StreamSchedule::reads_all() const {
  std::vector<bool> read(index(stream_.last) + 1, false);
  for (int node = stream_.first; node <= stream_.last; ++node) {
    for (const int input : node_of(*graph_, node).inputs) {
      if (input > stream_.first) read[index(input - 1)] = true;
    }
  }
  return std::all_of(read.begin(), read.end() - 1, [](bool is) { return is; });
}

void StreamSchedule::ask(std::vector<BandRows>& band, int reader) const {
  const Node& node = node_of(*graph_, reader);
  const BandRows& made = band[index(reader)];
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i] <= stream_.first) continue;
    BandRows& rows = band[index(node.inputs[i] - 1)];
    rows.kept = std::min(rows.kept, first_read(*graph_, node, i, made.first));
    if (made.end > 0) rows.end = std::max(rows.end, rows_read(*graph_, node, i, made.end - 1, made.end).end);
  }
}

void StreamSchedule::add_band() {
  std::vector<BandRows> band(index(stream_.last) + 1);
  for (std::size_t i = 0; i < band.size() && !bands_.empty(); ++i) {
    band[i].first = band[i].kept = bands_.back()[i].end;
  }
  band.back().end = std::min(band.back().first + static_cast<std::uint32_t>(stream_.band_rows),
                             height(*graph_, stream_.last + 1));
  for (int node = stream_.last; node >= stream_.first; --node) ask(band, node);
  bands_.push_back(std::move(band));
}

void StreamSchedule::decide_memory(const std::vector<Lifetime>& lifetimes) {
  for (int node = stream_.first; node <= stream_.last; ++node) {
    const std::uint32_t all = height(*graph_, node + 1);
    std::uint32_t most = 0;
    for (const std::vector<BandRows>& band : bands_)
      most = std::max(most, band[index(node)].end - band[index(node)].kept);
    const bool leaves =
        node == stream_.last || lifetimes[static_cast<std::size_t>(node) + 1].last > stream_.last;
    memory_.push_back(leaves ? all : std::min(most, all));
    if (memory_.back() < all) continue;
    for (std::vector<BandRows>& band : bands_) band[index(node)].kept = 0;
  }
}

// Every part of a node reads some rows, and starts where a kernel may read and write.
bool StreamSchedule::reads_well() const {
  const auto aligned = [this](int tensor, std::uint32_t row) {
    return row * row_bytes(*graph_, tensor) % INTACT_ROW_ALIGNMENT == 0;
  };
  for (std::size_t band = 0; band < bands(); ++band) {
    for (int n = stream_.first; n <= stream_.last; ++n) {
      const BandRows& made = rows(band, n);
      const Node& node = node_of(*graph_, n);
      if (made.first == made.end) continue;
      if (!aligned(node.output, made.first - made.kept)) return false;
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const intact_window_rows read = rows_read(*graph_, node, i, made.first, made.end);
        const std::uint32_t kept = node.inputs[i] > stream_.first ? rows(band, node.inputs[i] - 1).kept : 0;
        if (read.first >= read.end || !aligned(node.inputs[i], read.first - kept)) return false;
      }
    }
  }
  return true;
}

std::optional<StreamSchedule> StreamSchedule::make(const Graph& graph, const std::vector<Lifetime>& lifetimes,
                                                   const Stream& stream) {
  StreamSchedule schedule(graph, stream);
  if (stream.first < 0 || stream.last <= stream.first ||
      stream.last >= static_cast<int>(graph.nodes.size()) ||
      stream.last - stream.first >= INTACT_STREAM_NODES || !schedule.reads_all()) {
    return std::nullopt;
  }
  const std::uint32_t rows = height(graph, stream.last + 1);
  if (stream.band_rows < 1 || static_cast<std::uint32_t>(stream.band_rows) > rows ||
      intact_bands(rows, static_cast<std::uint32_t>(stream.band_rows)) > INTACT_MAX_BANDS) {
    return std::nullopt;
  }
  while (schedule.bands_.empty() || schedule.bands_.back().back().end < rows) schedule.add_band();
  schedule.decide_memory(lifetimes);
  if (!schedule.reads_well()) return std::nullopt;
  return schedule;
}

bool StreamSchedule::may_lie_in_place(int node, int operand) const {
  const auto tensor = [this](int t) -> const TensorInfo& {
    return graph_->tensors[static_cast<std::size_t>(t)];
  };
  if (operand > stream_.first || rows_in_memory(node) != height(*graph_, node + 1) ||
      pixel_bytes(tensor(node + 1)) != pixel_bytes(tensor(operand))) {
    return false;
  }
  for (std::size_t band = 0; band + 1 < bands(); ++band) {
    for (int reader = stream_.first; reader <= stream_.last; ++reader) {
      const BandRows& next = rows(band + 1, reader);
      if (next.first == height(*graph_, reader + 1)) continue;
      const Node& reading = node_of(*graph_, reader);
      for (std::size_t i = 0; i < reading.inputs.size(); ++i) {
        if (reading.inputs[i] == operand &&
            first_read(*graph_, reading, i, next.first) < rows(band, node).end)
          return false;
      }
    }
  }
  return true;
}

}  // namespace intact
