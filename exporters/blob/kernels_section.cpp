#include <algorithm>

#include "exporters/blob/blob_format.h"
#include "exporters/blob/byte_writer.h"
#include "exporters/blob/sections.h"
#include "runtime/intact_blob.h"

namespace intact {

std::optional<Section> kernels_section(const Lowered& lowered) {
  const auto chosen = [](const NodePlan& plan) { return plan.kernel.kernel > INTACT_CONV_XNOR; };
  if (std::none_of(lowered.nodes.begin(), lowered.nodes.end(), chosen)) return std::nullopt;
  ByteWriter writer;
  for (const NodePlan& plan : lowered.nodes) {
    writer.u16(plan.kernel.kernel);
    writer.u16(plan.kernel.parameter);
    writer.zeros(4);
  }
  return Section{static_cast<std::uint16_t>(SectionType::kKernels), 0,
                 static_cast<std::uint32_t>(lowered.nodes.size()), writer.take()};
}

}  // namespace intact
