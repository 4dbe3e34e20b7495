#include "fuzz_structure.h"

#include <algorithm>
#include <cstring>

namespace intact::testing {
namespace {

struct Field {
  std::uint8_t at, bytes;
};

constexpr Field kHeaderFields[] = {{8, 4}, {16, 4}, {20, 4}, {24, 4}, {48, 2}, {50, 2}, {56, 4}};
constexpr Field kSectionFields[] = {{0, 2}, {2, 2}, {4, 4}, {8, 4}, {12, 4}};
constexpr Field kTensorFields[] = {{0, 4},  {4, 4},  {8, 4},  {12, 1}, {13, 1}, {14, 1},
                                   {16, 4}, {20, 4}, {24, 4}, {28, 4}, {32, 4}, {36, 4}};
constexpr Field kNodeFields[] = {{0, 2},  {2, 2},  {4, 2},  {6, 2},  {8, 2},  {10, 2}, {12, 2},
                                 {14, 2}, {24, 2}, {26, 2}, {28, 2}, {30, 2}, {32, 2}, {34, 2},
                                 {36, 2}, {38, 2}, {40, 2}, {42, 2}, {44, 4}, {48, 1}, {49, 1},
                                 {50, 1}, {51, 1}, {52, 1}, {56, 4}, {60, 4}, {64, 4}, {68, 4},
                                 {72, 4}, {76, 4}, {80, 4}, {84, 4}, {92, 4}, {96, 4}};
constexpr Field kKernelFields[] = {{0, 2}, {2, 2}};
constexpr Field kStreamFields[] = {{0, 2}, {2, 2}, {4, 2}};

std::uint32_t get(const std::uint8_t* p, std::size_t bytes = 4) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint32_t{p[i]} << (8 * i);
  return value;
}

void put(std::uint8_t* p, std::uint32_t value, std::size_t bytes = 4) {
  for (std::size_t i = 0; i < bytes; ++i) p[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// Records of one section, as far as they lie in the buffer.
struct Records {
  std::uint8_t* first = nullptr;
  std::uint32_t count = 0, bytes = 0;
  std::uint8_t* at(std::uint32_t i) const { return first + std::size_t{i} * bytes; }
};

struct Layout {
  Records sections, tensors, nodes, kernels, streams;
  std::uint8_t* params = nullptr;
  std::uint32_t params_bytes = 0;
};

bool read_layout(std::uint8_t* blob, std::size_t size, Layout& layout) {
  if (size < 64 + 3 * 16) return false;
  const auto room = static_cast<std::uint32_t>(size);
  layout.sections = {blob + 64, std::min({get(blob + 24), 64U, (room - 64) / 16}), 16};
  for (std::uint32_t i = 0; i < layout.sections.count; ++i) {
    const std::uint8_t* entry = layout.sections.at(i);
    const std::uint32_t offset = std::min(get(entry + 4), room);
    const std::uint32_t bytes = std::min(get(entry + 8), room - offset);
    switch (get(entry, 2)) {
      case 1:
        layout.tensors = {blob + offset, bytes / 48, 48};
        break;
      case 2:
        layout.nodes = {blob + offset, bytes / 128, 128};
        break;
      case 3:
        layout.params = blob + offset;
        layout.params_bytes = bytes;
        break;
      case 7:
        layout.kernels = {blob + offset, bytes / 8, 8};
        break;
      case 8:
        layout.streams = {blob + offset, bytes / 8, 8};
        break;
      default:
        break;
    }
  }
  return layout.tensors.count > 1 && layout.nodes.count > 0 && layout.params != nullptr;
}

template <std::size_t N>
void mutate_record(const Records& records, const Field (&fields)[N], RandomStream& random) {
  static constexpr std::uint32_t kValues[] = {
      0,  1,  2,  3,  4,   5,   7,   8,     9,     15,         16,         17,
      31, 32, 33, 64, 127, 255, 256, 32768, 65535, 0x7fffffff, 0x80000000, 0xffffffff};
  if (records.count == 0) return;
  const Field field = fields[random.below(N)];
  std::uint8_t* p = records.at(random.below(records.count)) + field.at;
  const std::uint32_t old = get(p, field.bytes);
  switch (random.below(6)) {
    case 0:
      return put(p, kValues[random.below(sizeof kValues / sizeof *kValues)], field.bytes);
    case 1:
      return put(p, 1 + random.below(6), field.bytes);
    case 2:
      return put(p, old + random.below(5) - 2U, field.bytes);
    case 3:
      return put(p, old + 16U * (random.below(9) - 4U), field.bytes);
    case 4:
      return put(p, old ^ 1U << random.below(8U * field.bytes), field.bytes);
    default:
      return put(p, get(records.at(random.below(records.count)) + field.at, field.bytes), field.bytes);
  }
}

std::uint32_t storage_of(std::uint32_t bits) {
  return bits <= 2 ? std::max(bits, 1U) : bits <= 4 ? 4 : bits <= 8 ? 8 : 32;
}

std::uint32_t pixel_bytes(std::uint32_t channels, std::uint32_t storage) {
  return storage == 1 ? (channels + 31) / 32 * 4 : (channels * storage + 7) / 8;
}

// The grid that kind and bits stand for; a zero point within.
void repair_grid(std::uint8_t* t) {
  const std::uint32_t kind = t[12] & 3U;
  std::uint32_t bits = kind == 3 ? 32 : kind == 2 ? 1 : 1 + (t[14] - 1U) % 8;
  if (kind == 1) bits = std::max(bits, 2U);
  put(t + 12, kind, 1);
  put(t + 13, storage_of(bits), 1);
  put(t + 14, bits, 1);
  const auto half = std::uint32_t{1} << (bits - 1);
  const std::uint32_t low = kind == 0 ? 0 : kind == 2 ? 0xffffffff : 0 - half;
  const std::uint32_t high = kind == 0 ? half * 2 - 1 : kind == 2 ? 1 : half - 1;
  put(t + 16, low);
  put(t + 20, high);
  put(t + 24, kind == 0 ? get(t + 24) % (high + 1) : 0);
}

// Output extent of a window; 0 where it does not fit.
std::uint32_t extent(std::uint32_t size, const std::uint8_t* node, std::uint32_t axis) {
  const std::uint32_t kernel = get(node + 24 + axis, 2), stride = get(node + 28 + axis, 2),
                      dilation = get(node + 32 + axis, 2);
  const std::uint32_t padded = size + get(node + 36 + axis, 2) + get(node + 40 + axis, 2);
  if (kernel == 0 || stride == 0 || dilation == 0) return 0;
  const std::uint32_t window = dilation * (kernel - 1) + 1;
  return window > padded ? 0 : (padded - window) / stride + 1;
}

// An array's offset in PARAMS: as it is if that fits, else somewhere that fits, else 0.
void repair_array(const Layout& layout, std::uint8_t* field, std::uint64_t bytes, RandomStream& random) {
  const std::uint32_t offset = get(field);
  if ((offset & 15U) == 0 && offset <= layout.params_bytes && bytes <= layout.params_bytes - offset) return;
  if (bytes > layout.params_bytes) return put(field, 0);
  const auto spare = static_cast<std::uint32_t>(layout.params_bytes - bytes);
  put(field, random.below(spare / 16 + 1) * 16);
}

void repair_weights(const Layout& layout, std::uint8_t* n, std::uint32_t group_in, std::uint32_t rows,
                    RandomStream& random) {
  const bool bipolar = n[48] == 2;
  std::uint32_t bits = get(n + 92);
  bits = bipolar ? 1 : bits < 2 || bits > 8 ? 2 + bits % 7 : bits;
  put(n + 92, bits);
  put(n + 48, bipolar ? 2 : 1, 1);
  put(n + 49, storage_of(bits), 1);
  put(n + 50, bipolar ? n[50] & 1U : 0, 1);
  const std::uint64_t positions = std::uint64_t{get(n + 24, 2)} * get(n + 26, 2);
  const std::uint64_t tap = (group_in + 31) / 32 * 4, used = positions * group_in * storage_of(bits);
  const std::uint64_t row = n[50] ? positions * tap : (used + 7) / 8;
  const std::uint64_t bytes = row * rows;
  put(n + 68, static_cast<std::uint32_t>(bytes));
  if (bytes > layout.params_bytes) return;
  repair_array(layout, n + 64, bytes, random);
  std::uint8_t* w = layout.params + get(n + 64);
  if (n[50]) {
    for (std::uint64_t at = tap; at <= bytes && group_in % 32; at += tap)
      put(w + at - 4, get(w + at - 4) & ((1U << group_in % 32) - 1));
  } else if (row && used % 8) {
    for (std::uint64_t at = row; at <= bytes; at += row)
      w[at - 1] &= static_cast<std::uint8_t>((1U << used % 8) - 1);
  }
}

void repair_conv(const Layout& layout, std::uint8_t* n, const std::uint8_t* x, const std::uint8_t* y,
                 RandomStream& random) {
  const std::uint32_t in = get(x + 8), out = get(y + 8);
  if (in == 0 || in > 65535 || out == 0 || out > 65535) return;
  if (get(n + 44) == 0 || in % get(n + 44) || out % get(n + 44)) put(n + 44, 1);
  const std::uint32_t group_in = in / get(n + 44);
  repair_weights(layout, n, group_in, out, random);
  const bool raw = y[12] == 3;
  if (raw) {
    put(n + 51, 0, 2);
    put(n + 72, 0);
  } else {
    put(n + 51, n[51] % 31U, 1);
    put(n + 52, 1 + (n[52] - 1U) % 16, 1);
    repair_array(layout, n + 72, std::uint64_t{4} * out, random);
  }
  repair_array(layout, n + 76, std::uint64_t{4} * out, random);
  const std::uint32_t z = get(x + 24);
  if (x[12] == 2)
    put(n + 56, get(n + 56) == 1 ? 1 : 0xffffffff);
  else if (x[12] == 0 ? get(n + 56) > get(x + 20) : get(n + 56) + (get(x + 20) + 1) > 2 * get(x + 20) + 1)
    put(n + 56, z);
  const std::uint64_t taps = std::uint64_t{get(n + 24, 2)} * get(n + 26, 2) * group_in;
  const auto least = static_cast<std::uint32_t>((2 * taps + 15) / 16 * 16);
  if (get(n + 84) < least || get(n + 84) > 16384) put(n + 84, least + 16 * random.below(64));
  const std::uint64_t macs = taps * get(y) * get(y + 4) * out;
  put(n + 96, static_cast<std::uint32_t>(macs));
  put(n + 100, static_cast<std::uint32_t>(macs >> 32));
}

// Shape and fields of node `i`.
void repair_node(const Layout& layout, std::uint32_t i, RandomStream& random) {
  std::uint8_t* n = layout.nodes.at(i);
  std::uint8_t* y = layout.tensors.at(i + 1);
  put(n + 6, i + 1, 2);
  const std::uint32_t operation = get(n, 2);
  std::uint32_t inputs = get(n + 4, 2);
  inputs = operation == 1 ? 1 + (n[2] & 1U) : operation == 2 ? std::clamp(inputs, 1U, 8U) : 1;
  put(n + 2, operation == 1 ? n[2] & 1U : 0, 2);
  put(n + 4, inputs, 2);
  for (std::uint32_t j = 0; j < 8; ++j) {
    const std::uint32_t input = get(n + 8 + 2 * j, 2);
    put(n + 8 + 2 * j, j < inputs ? std::min(input, i) : 0, 2);
  }
  const std::uint8_t* x = layout.tensors.at(get(n + 8, 2));
  repair_grid(y);
  if (operation == 2) {
    std::memcpy(y, x, 12);
  } else {
    const std::uint32_t height = extent(get(x), n, 0), width = extent(get(x + 4), n, 2);
    if (height) put(y, height);
    if (width) put(y + 4, width);
    if (operation != 1) put(y + 8, get(x + 8));
    if (operation == 4) std::memcpy(y + 12, x + 12, 16);
  }
  if (operation == 1) repair_conv(layout, n, x, y, random);
  if (get(y + 36) >= get(y)) put(y + 36, 0);
  const std::uint32_t rows = get(y + 36) ? get(y + 36) : get(y);
  put(y + 32, rows * get(y + 4) * pixel_bytes(get(y + 8), y[13]));
}

// Every tensor behind the one before, then the largest scratch; now and then two at one place.
void repair_arena(const Layout& layout, std::uint8_t* blob, RandomStream& random) {
  std::uint32_t top = 0;
  for (std::uint32_t i = 0; i < layout.tensors.count; ++i) {
    std::uint8_t* t = layout.tensors.at(i);
    const bool shared = i > 0 && random.below(8) == 0;
    const std::uint32_t offset = shared ? get(layout.tensors.at(random.below(i)) + 28) : top;
    put(t + 28, offset);
    top = std::max(top, (offset + get(t + 32) + 15) / 16 * 16);
  }
  std::uint32_t scratch = 0;
  for (std::uint32_t i = 0; i < layout.nodes.count; ++i) {
    std::uint8_t* n = layout.nodes.at(i);
    const bool conv = get(n, 2) == 1;
    put(n + 80, conv ? top : 0);
    if (!conv) put(n + 84, 0);
    scratch = std::max(scratch, (get(n + 84) + 15) / 16 * 16);
  }
  put(blob + 20, top + scratch);
}

void repair_macs(const Layout& layout, std::uint8_t* blob) {
  std::uint64_t macs = 0;
  for (std::uint32_t i = 0; i < layout.nodes.count; ++i) {
    const std::uint8_t* n = layout.nodes.at(i);
    macs += get(n + 96) + (std::uint64_t{get(n + 100)} << 32);
  }
  put(blob + 56, static_cast<std::uint32_t>(macs));
  put(blob + 60, static_cast<std::uint32_t>(macs >> 32));
}

// GOLDEN becomes META, which nobody reads, where its length is not that of whole vectors any more.
void repair_golden(const Layout& layout) {
  const auto padded = [&](std::uint32_t tensor) { return (get(layout.tensors.at(tensor) + 32) + 3) / 4 * 4; };
  const std::uint32_t vector = padded(0) + 4 * layout.nodes.count + padded(layout.tensors.count - 1);
  for (std::uint32_t i = 0; i < layout.sections.count; ++i) {
    std::uint8_t* entry = layout.sections.at(i);
    if (get(entry, 2) != 5 || get(entry + 8) == std::uint64_t{vector} * get(entry + 12)) continue;
    put(entry, 6, 2);
    put(entry + 12, 0);
  }
}

}  // namespace

bool mutate_fields(std::uint8_t* blob, std::size_t size, RandomStream& random) {
  Layout layout;
  if (!read_layout(blob, size, layout)) return false;
  const Records header{blob, 1, 64};
  for (std::uint32_t n = 1 + random.below(4); n > 0; --n) {
    switch (random.below(16)) {
      case 0:
        mutate_record(header, kHeaderFields, random);
        break;
      case 1:
        mutate_record(layout.sections, kSectionFields, random);
        break;
      case 2:
      case 3:
      case 4:
        mutate_record(layout.tensors, kTensorFields, random);
        break;
      case 5:
      case 6:
        mutate_record(layout.kernels, kKernelFields, random);
        break;
      case 9:
        mutate_record(layout.streams, kStreamFields, random);
        break;
      case 7:
        if (layout.params_bytes)
          layout.params[random.below(layout.params_bytes)] = static_cast<std::uint8_t>(random.next());
        break;
      case 8:
        std::memmove(layout.nodes.at(random.below(layout.nodes.count)),
                     layout.nodes.at(random.below(layout.nodes.count)), 128);
        break;
      default:
        mutate_record(layout.nodes, kNodeFields, random);
        break;
    }
  }
  return true;
}

void repair(std::uint8_t* blob, std::size_t size, RandomStream& random) {
  Layout layout;
  if (!read_layout(blob, size, layout) || layout.tensors.count != layout.nodes.count + 1) return;
  std::uint8_t* input = layout.tensors.at(0);
  put(input + 12, 0x00080800, 4);  // unsigned, 8 bits
  repair_grid(input);
  put(input + 32, get(input) * get(input + 4) * get(input + 8));
  put(input + 36, 0);
  put(blob + 16, layout.streams.count ? 1 : 0);
  for (std::uint32_t i = 0; i < layout.nodes.count; ++i) repair_node(layout, i, random);
  repair_arena(layout, blob, random);
  repair_macs(layout, blob);
  repair_golden(layout);
}

}  // namespace intact::testing
