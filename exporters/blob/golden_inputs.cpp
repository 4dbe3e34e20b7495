#include "exporters/blob/golden_inputs.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/blob_writer.h"
#include "integer/oracle.h"
#include "integer/oracle_node.h"

namespace intact {
namespace {

using Input = std::vector<std::uint8_t>;

bool requantizes(const Graph& graph, const Node& node) {
  return node.state.op != Op::kMaxPool &&
         graph.tensors[static_cast<std::size_t>(node.output)].grid.kind != GridKind::kInt32;
}

EdgeCases count_of_node(const Graph& graph, const Node& node, const std::vector<Values>& all) {
  const Values& values = all[static_cast<std::size_t>(node.output)];
  const Grid& grid = graph.tensors[static_cast<std::size_t>(node.output)].grid;
  // A sum t lies at a tie iff t - 1 gives another code; lowering every bias by one gives those codes.
  Node lowered = node;
  for (std::int32_t& b : lowered.state.q.b) --b;
  const Values below = oracle::run_node(graph, lowered, all);
  EdgeCases cases;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != below[i]) ++cases.ties;
    if (grid.kind != GridKind::kBipolar && (values[i] == grid.qmin || values[i] == grid.qmax)) ++cases.clamps;
  }
  return cases;
}

Input noise(std::size_t size, std::uint64_t seed, std::uint64_t index) {
  RandomStream random(seed, {index});
  Input input(size);
  for (std::uint8_t& value : input) value = static_cast<std::uint8_t>(random.below(256));
  return input;
}

// Moves the candidate with the largest `count` from `left` to `chosen`; the first of equal ones.
void take_best(std::vector<std::pair<EdgeCases, const Input*>>& left, std::uint64_t EdgeCases::*count,
               std::vector<Input>& chosen) {
  const auto best = std::max_element(left.begin(), left.end(), [count](const auto& a, const auto& b) {
    return a.first.*count < b.first.*count;
  });
  chosen.push_back(*best->second);
  left.erase(best);
}

}  // namespace

EdgeCases count_edge_cases(const Graph& graph, std::span<const std::uint8_t> input) {
  const std::vector<Values> all = Oracle(graph).run(input);
  EdgeCases sum;
  for (const Node& node : graph.nodes) {
    if (!requantizes(graph, node)) continue;
    const EdgeCases cases = count_of_node(graph, node, all);
    sum.ties += cases.ties;
    sum.clamps += cases.clamps;
  }
  return sum;
}

std::vector<Input> choose_golden_inputs(const Graph& graph, int count, std::uint64_t seed,
                                        const std::vector<Input>& candidates) {
  if (count < static_cast<int>(kFewestGoldenVectors)) throw Error("golden vectors: at least 4 are needed");
  const auto wanted = static_cast<std::size_t>(count);
  const auto size =
      static_cast<std::size_t>(graph.tensors[static_cast<std::size_t>(graph.input)].shape.elements());
  std::vector<Input> chosen{Input(size, 0), Input(size, 255), Input(size), noise(size, seed, 0)};
  for (std::size_t i = 0; i < size; ++i) chosen[2][i] = static_cast<std::uint8_t>(i % 256);

  std::vector<std::pair<EdgeCases, const Input*>> left;
  if (wanted > chosen.size()) {
    for (const Input& candidate : candidates)
      left.emplace_back(count_edge_cases(graph, candidate), &candidate);
  }
  for (bool ties = true; chosen.size() < wanted && !left.empty(); ties = !ties) {
    take_best(left, ties ? &EdgeCases::ties : &EdgeCases::clamps, chosen);
  }
  while (chosen.size() < wanted) chosen.push_back(noise(size, seed, chosen.size()));
  return chosen;
}

}  // namespace intact
