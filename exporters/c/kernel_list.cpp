#include "exporters/c/kernel_list.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "exporters/c/kernel_references.h"
#include "exporters/kernels/portable_kernel.h"
#include "runtime/intact_blob.h"

namespace intact {
namespace {

// Conditions, one of which must hold; with an empty one among them: always.
using Conditions = std::set<std::string>;

std::map<std::uint16_t, Conditions> needed_kernels(const BlobContents& contents) {
  const Lowered& lowered = contents.lowered;
  std::map<std::uint16_t, Conditions> needed;
  for (std::size_t i = 0; i < lowered.graph.nodes.size(); ++i) {
    const Node& node = lowered.graph.nodes[i];
    if (node.state.op != Op::kConv) continue;
    const NodePlan& plan = lowered.nodes[i];
    const std::uint16_t fallback = portable_kernel(lowered.graph, node, plan.layout);
    if (plan.kernel.kernel <= INTACT_CONV_XNOR) {
      needed[fallback].insert("");
      continue;
    }
    const std::string condition(kernel_reference(plan.kernel.kernel).condition);
    needed[plan.kernel.kernel].insert(condition);
    if (!condition.empty()) needed[fallback].insert("!(" + condition + ")");
  }
  return needed;
}

std::string entry(std::uint16_t kernel, const Conditions& conditions) {
  const KernelReference& reference = kernel_reference(kernel);
  std::string line =
      "        [" + std::string(reference.macro) + "] = &" + std::string(reference.symbol) + ",\n";
  if (conditions.contains("")) return line;
  std::string any;
  for (const std::string& condition : conditions) {
    if (!any.empty()) any += " || ";
    any += condition;
  }
  std::string text = "#if ";
  text.append(any).append("\n").append(line).append("#endif\n");
  return text;
}

bool has(const Graph& graph, Op op) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [op](const Node& node) { return node.state.op == op; });
}

std::string operation(const Graph& graph, Op op, std::string_view function) {
  std::string text = "    ";
  text.append(has(graph, op) ? function : "0").append(",\n");
  return text;
}

}  // namespace

std::string kernel_list(const BlobContents& contents, const std::string& symbol) {
  const Graph& graph = contents.lowered.graph;
  std::string text = "const intact_kernel_set ";
  text.append(symbol).append(" = {\n    {\n");
  for (const auto& [kernel, conditions] : needed_kernels(contents)) text += entry(kernel, conditions);
  if (!has(graph, Op::kConv)) text += "        0,\n";
  text += "    },\n";
  text += operation(graph, Op::kAdd, "intact_add_run");
  text += operation(graph, Op::kAvgPool, "intact_avg_pool");
  text += operation(graph, Op::kMaxPool, "intact_max_pool");
  return text + "};\n";
}

}  // namespace intact
