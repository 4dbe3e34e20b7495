#include <nlohmann/json.hpp>

#include "core/error.h"
#include "exporters/blob/blob_format.h"
#include "exporters/blob/sections.h"

namespace intact {

Section meta_section(const std::string& graph_name, const std::string& meta_json) {
  std::string text;
  try {
    nlohmann::ordered_json meta = nlohmann::ordered_json::object();
    if (!graph_name.empty()) meta["graph"] = graph_name;
    if (!meta_json.empty()) {
      const nlohmann::ordered_json given = nlohmann::ordered_json::parse(meta_json);
      if (!given.is_object()) throw Error("the blob's metadata must be a JSON object");
      if (given.contains("graph"))
        throw Error("the blob's metadata must leave the key \"graph\" to the network's name");
      meta.update(given);
    }
    text = meta.dump();
  } catch (const nlohmann::ordered_json::exception& error) {
    throw Error(std::string("the blob's metadata is not JSON in UTF-8: ") + error.what());
  }
  return {static_cast<std::uint16_t>(SectionType::kMeta), 0, 0, {text.begin(), text.end()}};
}

}  // namespace intact
