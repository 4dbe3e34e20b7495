#include "exporters/inspect/arena_chart.h"

#include <cstdint>

#include "exporters/passes/liveness.h"
#include "exporters/passes/tensor_memory.h"

namespace intact {
namespace {

class ChartLine {
 public:
  ChartLine(std::size_t width, std::uint64_t arena) : arena_(arena), text_(width, '.') {}

  void draw(std::uint64_t offset, std::uint64_t bytes, char mark) {
    if (bytes == 0 || arena_ == 0) return;
    const std::uint64_t first = offset * text_.size() / arena_;
    const std::uint64_t last = (offset + bytes - 1) * text_.size() / arena_;
    for (std::uint64_t c = first; c <= last && c < text_.size(); ++c)
      text_[static_cast<std::size_t>(c)] = mark;
  }
  const std::string& text() const { return text_; }

 private:
  std::uint64_t arena_;
  std::string text_;
};

}  // namespace

std::vector<std::string> arena_chart(const Lowered& lowered, std::size_t width) {
  const std::vector<Lifetime> lifetimes = memory_lifetimes(lowered);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < lowered.graph.nodes.size(); ++i) {
    const auto output = static_cast<std::size_t>(lowered.graph.nodes[i].output);
    ChartLine line(width, lowered.arena_bytes);
    line.draw(lowered.nodes[i].scratch_offset, lowered.nodes[i].scratch_bytes, 's');
    for (std::size_t t = 0; t < lowered.graph.tensors.size(); ++t) {
      const bool lives =
          lifetimes[t].first <= static_cast<int>(i) && static_cast<int>(i) <= lifetimes[t].last;
      if (lives) line.draw(lowered.tensor_offsets[t], bytes_in_memory(lowered, t), '#');
    }
    line.draw(lowered.tensor_offsets[output], bytes_in_memory(lowered, output), 'o');
    lines.push_back(line.text());
  }
  return lines;
}

}  // namespace intact
