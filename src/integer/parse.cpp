// The reader of hostile bytes. nlohmann's CBOR reader recurses for nested arrays, tags and strings in pieces,
// and builds about 16 bytes for each element; cbor::check() bounds all of that first. After it every access
// checks type and range.
#include <algorithm>
#include <bit>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "integer/cbor_check.h"
#include "integer/graph.h"
#include "integer/graph_cbor.h"

namespace intact {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

[[noreturn]] void refuse(const std::string& place, const std::string& what) {
  throw Error("integer graph: " + place + ": " + what + "; the file is damaged or of another version");
}

// An array of exactly `size` values, read in order.
class Record {
 public:
  Record(const json& value, std::size_t size, std::string place) : value_(value), place_(std::move(place)) {
    if (!value.is_array() || value.size() != size) refuse(place_, "not an array of " + std::to_string(size));
  }

  const json& next() { return value_[at_++]; }
  std::string here(const char* field) const { return place_ + "." + field; }

  template <typename T>
  T integer(const char* field) {
    return to_integer<T>(next(), here(field));
  }

  template <typename T>
  std::vector<T> integers(const char* field) {
    const json& list = next();
    if (!list.is_array()) refuse(here(field), "not an array");
    std::vector<T> values;
    values.reserve(list.size());
    for (const json& item : list) values.push_back(to_integer<T>(item, here(field)));
    return values;
  }

  std::string text(const char* field) {
    const json& value = next();
    if (!value.is_string()) refuse(here(field), "not a string");
    return value.get<std::string>();
  }

  bool boolean(const char* field) {
    const json& value = next();
    if (!value.is_boolean()) refuse(here(field), "not a boolean");
    return value.get<bool>();
  }

 private:
  template <typename T>
  static T to_integer(const json& value, const std::string& place) {
    if (value.is_number_unsigned()) {
      const auto number = value.get<std::uint64_t>();
      if (number <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())) return static_cast<T>(number);
    } else if (value.is_number_integer()) {
      const auto number = value.get<std::int64_t>();
      if (std::numeric_limits<T>::is_signed && number < 0 &&
          number >= static_cast<std::int64_t>(std::numeric_limits<T>::min())) {
        return static_cast<T>(number);
      }
    }
    refuse(place, "not an integer within range");
  }

  const json& value_;
  std::string place_;
  std::size_t at_ = 0;
};

Grid parse_grid(const json& value, const std::string& place) {
  Record record(value, 5, place);
  Grid grid;
  grid.kind = static_cast<GridKind>(record.integer<std::uint8_t>("kind"));
  grid.bits = record.integer<int>("bits");
  grid.qmin = record.integer<std::int32_t>("qmin");
  grid.qmax = record.integer<std::int32_t>("qmax");
  grid.z = record.integer<std::int32_t>("z");
  return grid;
}

Window parse_window(const json& value, const std::string& place) {
  Record record(value, 10, place);
  Window w;
  for (int* field : {&w.kernel_h, &w.kernel_w, &w.stride_h, &w.stride_w, &w.dilation_h, &w.dilation_w,
                     &w.pad_top, &w.pad_left, &w.pad_bottom, &w.pad_right}) {
    *field = record.integer<int>("extent");
  }
  return w;
}

Requantization parse_requantization(const json& value, const std::string& place) {
  Record record(value, 6, place);
  Requantization q;
  q.k = record.integer<int>("k");
  q.r = record.integer<int>("r");
  q.m = record.integers<std::int32_t>("m");
  q.b = record.integers<std::int32_t>("b");
  q.m_res = record.integer<std::int32_t>("m_res");
  q.bound = record.integer<std::int64_t>("bound");
  return q;
}

IntState parse_state(const json& value, const std::string& place) {
  Record record(value, 8, place);
  IntState state;
  state.op = static_cast<Op>(record.integer<std::uint8_t>("op"));
  state.window = parse_window(record.next(), place + ".window");
  state.groups = record.integer<int>("groups");
  state.residual = record.boolean("residual");
  state.pad_code = record.integer<std::int32_t>("pad_code");
  state.weight_grid = parse_grid(record.next(), place + ".weight_grid");
  const json& weights = record.next();
  if (!weights.is_binary()) refuse(place + ".weights", "not a byte string");
  state.weights.reserve(weights.get_binary().size());
  for (const std::uint8_t byte : weights.get_binary())
    state.weights.push_back(static_cast<std::int8_t>(byte));
  state.q = parse_requantization(record.next(), place + ".q");
  return state;
}

TensorInfo parse_tensor(const json& value, const std::string& place) {
  Record record(value, 6, place);
  TensorInfo tensor;
  tensor.name = record.text("name");
  tensor.shape.h = record.integer<int>("h");
  tensor.shape.w = record.integer<int>("w");
  tensor.shape.c = record.integer<int>("c");
  tensor.grid = parse_grid(record.next(), place + ".grid");
  tensor.scale = std::bit_cast<double>(record.integer<std::uint64_t>("scale"));
  return tensor;
}

Node parse_node(const json& value, const std::string& place) {
  Record record(value, 3, place);
  Node node;
  node.state = parse_state(record.next(), place + ".state");
  node.inputs = record.integers<int>("inputs");
  node.output = record.integer<int>("output");
  return node;
}

json read_cbor(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > kMaxBytes) refuse("file", "larger than 1 GiB");
  cbor::check(bytes);
  try {
    return json::from_cbor(bytes.begin(), bytes.end());
  } catch (const json::exception& error) {
    refuse("file", error.what());
  }
}

}  // namespace

Graph parse_graph(std::span<const std::uint8_t> bytes) {
  const json root = read_cbor(bytes);
  Record record(root, 7, "graph");
  if (record.text("magic") != cbor::kMagic) refuse("graph.magic", "not an integer graph");
  if (record.integer<int>("version") != cbor::kVersion) {
    refuse("graph.version", "not " + std::to_string(cbor::kVersion));
  }
  Graph graph;
  graph.name = record.text("name");
  const json& tensors = record.next();
  if (!tensors.is_array()) refuse("graph.tensors", "not an array");
  for (const json& tensor : tensors) {
    graph.tensors.push_back(parse_tensor(tensor, "tensor " + std::to_string(graph.tensors.size())));
  }
  const json& nodes = record.next();
  if (!nodes.is_array()) refuse("graph.nodes", "not an array");
  for (const json& node : nodes) {
    graph.nodes.push_back(parse_node(node, "node " + std::to_string(graph.nodes.size())));
  }
  graph.input = record.integer<int>("input");
  graph.output = record.integer<int>("output");
  verify(graph);
  // A longer spelling of the same numbers would have another hash.
  const std::vector<std::uint8_t> canonical = serialize_graph(graph);
  if (!std::equal(canonical.begin(), canonical.end(), bytes.begin(), bytes.end())) {
    refuse("file", "not in canonical form");
  }
  return graph;
}

}  // namespace intact
