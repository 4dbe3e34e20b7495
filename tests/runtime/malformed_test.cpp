// One broken rule of docs/FORMAT.md at a time: the loader refuses each with the error that names it.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "random_network.h"
#include "runtime_driver.h"

namespace intact::testing {
namespace {

// Nodes of the blob that the cases break. Tensor i + 1 is node i's output.
enum : std::size_t { kFirst, kToBits, kXnor, kSum, kAverage, kMaximum, kLogits, kNodes };

Blob good_blob(const std::vector<KernelSpec>& kernels = {}) {
  NetworkMaker maker(11, TensorSpec::unsigned_codes(8, 9).shaped(4, 5, 3));
  ConvShape s;
  s.channels_out = 5;
  s.kernel_h = s.kernel_w = 3;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 1;
  s.weight_bits = 4;
  const int first = maker.conv(0, s, TensorSpec::unsigned_codes(8));
  s.kernel_h = s.kernel_w = 1;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 0;
  const int bits = maker.conv(first, s, TensorSpec::bipolar());
  s.kernel_h = s.kernel_w = 3;
  s.pad_top = s.pad_left = s.pad_bottom = s.pad_right = 1;
  s.weight_bits = 1;
  s.layout = 1;
  const int xnor = maker.conv(bits, s, TensorSpec::unsigned_codes(3), first);
  const int sum = maker.add({first, xnor}, TensorSpec::signed_codes(6));
  const int average = maker.avg_pool(sum, 2, 2, 2, 0, TensorSpec::unsigned_codes(8, 7));
  const int maximum = maker.max_pool(average, 2, 2, 1, 1);
  maker.logits(maximum, 3, 8);
  BlobOptions options{.names = true, .kernels = kernels};
  for (int i = 0; i < 4; ++i) options.golden_inputs.push_back(maker.input());
  return build_blob(maker.network(), options);
}

// The same with a KERNELS section, behind the others: the portable kernels' numbers for the convolutions.
Blob blob_with_kernels() {
  return good_blob({{0, 0}, {0, 0}, {2, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}});
}
constexpr std::size_t kKernelsEntry = 6;

// Offset of the section table's entry for `type`, in the order that the builder writes.
std::size_t entry(std::size_t type) {
  return 64 + (type - 1) * 16;
}

struct Case {
  const char* name;
  intact_status expected;
  std::function<void(Blob&)> damage;
};

void PrintTo(const Case& c, std::ostream* os) {
  *os << c.name;
}

void add_to(Blob& b, std::size_t at, std::uint32_t difference) {
  b.put32(at, b.get32(at) + difference);
}

std::vector<Case> header_cases() {
  return {
      {"WrongMagic", INTACT_E_MAGIC, [](Blob& b) { b.put8(3, 'C'); }},
      {"MajorVersion2", INTACT_E_VERSION, [](Blob& b) { b.put16(4, 2); }},
      {"MajorVersion0", INTACT_E_VERSION, [](Blob& b) { b.put16(4, 0); }},
      {"LengthBelowHeader", INTACT_E_TRUNCATED, [](Blob& b) { b.put32(8, 63); }},
      {"LengthBeyondBuffer", INTACT_E_TRUNCATED, [](Blob& b) { add_to(b, 8, 1); }},
      {"UnknownRequiredFeature", INTACT_E_FEATURE, [](Blob& b) { b.put32(16, 2); }},
      {"FeatureOfStreamsWithoutStreams", INTACT_E_STREAM, [](Blob& b) { b.put32(16, 1); }},
      {"ReservedWord28", INTACT_E_RESERVED, [](Blob& b) { b.put8(31, 1); }},
      {"ReservedWord52", INTACT_E_RESERVED, [](Blob& b) { b.put8(52, 1); }},
      {"ArenaNotMultipleOf16", INTACT_E_ARENA, [](Blob& b) { add_to(b, 20, 8); }},
      {"InputIsNotTensor0", INTACT_E_NODE, [](Blob& b) { b.put16(48, 1); }},
      {"OutputIsNotLastTensor", INTACT_E_NODE, [](Blob& b) { b.put16(50, kNodes - 1); }},
      {"MacSum", INTACT_E_WORK, [](Blob& b) { add_to(b, 56, 1); }},
      {"MacSumHighWord", INTACT_E_WORK, [](Blob& b) { b.put32(60, 1); }},
  };
}

std::vector<Case> section_cases() {
  return {
      {"TwoSections", INTACT_E_SECTION, [](Blob& b) { b.put32(24, 2); }},
      {"SixtyFiveSections", INTACT_E_SECTION, [](Blob& b) { b.put32(24, 65); }},
      {"SectionCountWraps", INTACT_E_SECTION, [](Blob& b) { b.put32(24, 0x10000003); }},
      {"TableBeyondBlob", INTACT_E_SECTION,
       [](Blob& b) {
         b.put32(8, 80);
         b.bytes.resize(80);
       }},
      {"SectionMisaligned", INTACT_E_SECTION, [](Blob& b) { add_to(b, entry(3) + 4, 8); }},
      {"SectionInTable", INTACT_E_SECTION,
       [](Blob& b) {
         b.put32(entry(3) + 4, 64);
         b.put32(entry(3) + 8, 16);
       }},
      {"SectionBeyondBlob", INTACT_E_SECTION, [](Blob& b) { b.put32(entry(3) + 4, 0xfffffff0); }},
      {"SectionLengthBeyondBlob", INTACT_E_SECTION, [](Blob& b) { b.put32(entry(5) + 8, 0xffffffff); }},
      {"SectionDoubled", INTACT_E_SECTION, [](Blob& b) { b.put16(entry(5), 4); }},
      {"SectionsOverlap", INTACT_E_SECTION, [](Blob& b) { add_to(b, entry(3) + 8, 64); }},
      {"TensorsMissing", INTACT_E_SECTION,
       [](Blob& b) {
         b.put16(entry(1), 99);
         b.put16(entry(1) + 2, 0);
       }},
      {"NodesMissing", INTACT_E_SECTION,
       [](Blob& b) {
         b.put16(entry(2), 99);
         b.put16(entry(2) + 2, 0);
       }},
      {"ParamsMissing", INTACT_E_SECTION,
       [](Blob& b) {
         b.put16(entry(3), 99);
         b.put16(entry(3) + 2, 0);
       }},
      {"UnknownRequiredSection", INTACT_E_FEATURE,
       [](Blob& b) {
         b.put16(entry(4), 9);
         b.put16(entry(4) + 2, 1);
       }},
      {"SectionTypeZeroRequired", INTACT_E_FEATURE,
       [](Blob& b) {
         b.put16(entry(4), 0);
         b.put16(entry(4) + 2, 1);
       }},
      {"SectionFlagReserved", INTACT_E_RESERVED, [](Blob& b) { b.put16(entry(4) + 2, 2); }},
      {"TensorCountZero", INTACT_E_SECTION, [](Blob& b) { b.put32(entry(1) + 12, 0); }},
      {"TensorCountNotItsLength", INTACT_E_SECTION, [](Blob& b) { add_to(b, entry(1) + 12, 1); }},
      {"NodeCountNotItsLength", INTACT_E_SECTION, [](Blob& b) { add_to(b, entry(2) + 12, 1); }},
      {"ParamsWithRecords", INTACT_E_SECTION, [](Blob& b) { b.put32(entry(3) + 12, 1); }},
      {"MetaWithRecords", INTACT_E_SECTION, [](Blob& b) { b.put16(entry(5), 6); }},
      {"OneTensorTooFew", INTACT_E_NODE,
       [](Blob& b) {
         add_to(b, entry(1) + 8, 0U - 48);
         add_to(b, entry(1) + 12, 0U - 1);
         for (std::size_t i = 0; i < 48; ++i) b.put8(b.tensor_field(kNodes, i), 0);
       }},
      {"PaddingBetweenSections", INTACT_E_RESERVED, [](Blob& b) { b.put8(b.golden - 1U, 1); }},
      {"NamesTooFew", INTACT_E_SECTION, [](Blob& b) { add_to(b, entry(4) + 12, 0U - 1); }},
      {"NameBeyondSection", INTACT_E_SECTION, [](Blob& b) { b.put16(b.names, 0xffff); }},
      {"NameShorterThanSection", INTACT_E_SECTION, [](Blob& b) { add_to(b, entry(4) + 8, 1); }},
      {"NameWithZero", INTACT_E_SECTION, [](Blob& b) { b.put8(b.names + 3U, 0); }},
  };
}

std::vector<Case> tensor_cases() {
  const auto poke = [](std::size_t tensor, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put32(b.tensor_field(tensor, field), value); };
  };
  const auto poke8 = [](std::size_t tensor, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put8(b.tensor_field(tensor, field), value); };
  };
  const std::uint32_t minus1 = 0xffffffff;
  return {
      {"HeightZero", INTACT_E_SHAPE, poke(1, 0, 0)},
      {"WidthZero", INTACT_E_SHAPE, poke(1, 4, 0)},
      {"ChannelsZero", INTACT_E_SHAPE, poke(1, 8, 0)},
      {"HeightTooLarge", INTACT_E_SHAPE, poke(1, 0, 65536)},
      {"ChannelsTooLarge", INTACT_E_SHAPE, poke(1, 8, minus1)},
      {"UnknownKind", INTACT_E_TENSOR, poke8(1, 12, 4)},
      {"StorageNotOfBits", INTACT_E_TENSOR, poke8(1, 13, 4)},
      {"StorageOfThreeBits", INTACT_E_TENSOR, poke8(kXnor + 1, 13, 8)},
      {"NineBits", INTACT_E_TENSOR, poke8(1, 14, 9)},
      {"NoBits", INTACT_E_TENSOR, poke8(1, 14, 0)},
      {"SignedOneBit", INTACT_E_TENSOR,
       [](Blob& b) {
         b.put8(b.tensor_field(kToBits + 1, 12), kSigned);
         b.put32(b.tensor_field(kToBits + 1, 20), 0);
       }},
      {"TensorReservedByte", INTACT_E_RESERVED, poke8(1, 15, 1)},
      {"MemoryForMoreThanAllRows", INTACT_E_TENSOR, poke(1, 36, 0x80000000)},
      {"MemoryForAllRowsSaidTwice", INTACT_E_TENSOR, poke(1, 36, 4)},
      {"UnsignedBelowZero", INTACT_E_TENSOR, poke(1, 16, minus1)},
      {"UnsignedBeyondBits", INTACT_E_TENSOR, poke(1, 20, 256)},
      {"EmptyRange", INTACT_E_TENSOR, poke(1, 20, 0)},
      {"ZeroPointOutsideRange", INTACT_E_TENSOR, poke(1, 24, 256)},
      {"ZeroPointNegative", INTACT_E_TENSOR, poke(1, 24, minus1)},
      {"SignedZeroPoint", INTACT_E_TENSOR, poke(kSum + 1, 24, 1)},
      {"SignedBeyondBits", INTACT_E_TENSOR, poke(kSum + 1, 20, 32)},
      {"SignedBelowBits", INTACT_E_TENSOR, poke(kSum + 1, 16, 0U - 33)},
      {"SignedMinimumAboveZero", INTACT_E_TENSOR, poke(kSum + 1, 16, 1)},
      {"BipolarRange", INTACT_E_TENSOR, poke(kToBits + 1, 16, 0)},
      {"Int32Range", INTACT_E_TENSOR, poke(kLogits + 1, 20, 5)},
      {"ByteCount", INTACT_E_TENSOR, poke(1, 32, 99)},
      {"ByteCountWraps", INTACT_E_TENSOR,
       [](Blob& b) {  // 65,535 x 65,535 x 65,535
         for (const std::size_t field : {0U, 4U, 8U}) b.put32(b.tensor_field(1, field), 65535);
         b.put32(b.tensor_field(1, 32), 65535U * 65535U * 65535U);
       }},
      {"TensorMisaligned", INTACT_E_ARENA, [](Blob& b) { add_to(b, b.tensor_field(1, 28), 8); }},
      {"TensorBeyondArena", INTACT_E_ARENA, poke(1, 28, 0xfffffff0)},
      {"TensorEndsBeyondArena", INTACT_E_ARENA,
       [](Blob& b) { b.put32(b.tensor_field(1, 28), b.arena - 16); }},
      {"InputIsSigned", INTACT_E_TENSOR,
       [](Blob& b) {
         b.put8(b.tensor_field(0, 12), kSigned);
         b.put32(b.tensor_field(0, 16), 0U - 128);
         b.put32(b.tensor_field(0, 20), 127);
         b.put32(b.tensor_field(0, 24), 0);
       }},
      {"InputRangeIsNarrow", INTACT_E_TENSOR, poke(0, 20, 254)},
  };
}

std::vector<Case> node_cases() {
  const auto poke16 = [](std::size_t node, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put16(b.node_field(node, field), value); };
  };
  const auto poke8 = [](std::size_t node, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put8(b.node_field(node, field), value); };
  };
  const auto poke = [](std::size_t node, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put32(b.node_field(node, field), value); };
  };
  return {
      {"OperationZero", INTACT_E_NODE, poke16(kFirst, 0, 0)},
      {"OperationUnknown", INTACT_E_NODE, poke16(kFirst, 0, 5)},
      {"FlagUnknown", INTACT_E_NODE, poke16(kFirst, 2, 2)},
      {"ResidualOfAdd", INTACT_E_NODE, poke16(kSum, 2, 1)},
      {"NoInputs", INTACT_E_NODE, poke16(kSum, 4, 0)},
      {"NineInputs", INTACT_E_NODE, poke16(kSum, 4, 9)},
      {"ConvolutionOfTwoWithoutFlag", INTACT_E_NODE, poke16(kFirst, 4, 2)},
      {"ResidualMissing", INTACT_E_NODE, poke16(kXnor, 4, 1)},
      {"OutputIsAnotherTensor", INTACT_E_NODE, poke16(kFirst, 6, 2)},
      {"InputFromLaterNode", INTACT_E_NODE, poke16(kFirst, 8, 1)},
      {"InputBeyondTensors", INTACT_E_NODE, poke16(kMaximum, 8, 0xffff)},
      {"UnusedInputSet", INTACT_E_NODE, poke16(kMaximum, 10, 1)},
      {"NodeReservedBytes", INTACT_E_RESERVED, poke8(kFirst, 55, 1)},
      {"NodeReservedTail", INTACT_E_RESERVED, poke8(kLogits, 127, 1)},
      {"Int32InTheMiddle", INTACT_E_NODE,
       [](Blob& b) {
         const std::size_t t = kXnor + 1;
         b.put8(b.tensor_field(t, 12), kInt32);
         b.put8(b.tensor_field(t, 13), 32);
         b.put8(b.tensor_field(t, 14), 32);
         b.put32(b.tensor_field(t, 16), 0x80000000);
         b.put32(b.tensor_field(t, 20), 0x7fffffff);
         b.put32(b.tensor_field(t, 32), 4 * 5 * 5 * 4);
         b.put32(b.tensor_field(t, 28), 0);
         b.arena = 4096;
         b.put32(20, b.arena);
       }},
      {"AddShapes", INTACT_E_SHAPE, poke16(kSum, 8, 0)},
      {"ResidualShape", INTACT_E_SHAPE, poke16(kXnor, 10, 0)},
      {"MaxPoolGrids", INTACT_E_TENSOR, [](Blob& b) { b.put32(b.tensor_field(kMaximum + 1, 24), 8); }},
      {"KernelZero", INTACT_E_WINDOW, poke16(kFirst, 24, 0)},
      {"StrideZero", INTACT_E_WINDOW, poke16(kFirst, 30, 0)},
      {"DilationZero", INTACT_E_WINDOW, poke16(kFirst, 32, 0)},
      {"GroupsZero", INTACT_E_WINDOW, poke(kFirst, 44, 0)},
      {"GroupsNotADivisor", INTACT_E_WINDOW, poke(kFirst, 44, 3)},
      {"PoolWithGroups", INTACT_E_WINDOW, poke(kMaximum, 44, 1)},
      {"PoolDilation", INTACT_E_WINDOW, poke16(kMaximum, 34, 2)},
      {"PoolPaddingAboveOfKernel", INTACT_E_WINDOW, poke16(kMaximum, 36, 2)},
      {"PoolPaddingLeftOfKernel", INTACT_E_WINDOW, poke16(kMaximum, 38, 2)},
      {"PoolPaddingBelowOfKernel", INTACT_E_WINDOW, poke16(kMaximum, 40, 2)},
      {"PoolPaddingRightOfKernel", INTACT_E_WINDOW, poke16(kMaximum, 42, 2)},
      {"AddWithKernel", INTACT_E_WINDOW, poke16(kSum, 24, 1)},
      {"AddWithGroups", INTACT_E_WINDOW, poke(kSum, 44, 1)},
      {"OutputTooSmallForStride", INTACT_E_SHAPE, poke16(kFirst, 28, 3)},
      {"KernelBeyondPaddedImage", INTACT_E_SHAPE, poke16(kFirst, 24, 7)},
      {"WindowProductWraps", INTACT_E_SHAPE,
       [](Blob& b) {
         b.put16(b.node_field(kFirst, 24), 65535);
         b.put16(b.node_field(kFirst, 32), 65535);
       }},
      {"PaddingTooLarge", INTACT_E_SHAPE, poke16(kFirst, 40, 2)},
      {"MacsOfNode", INTACT_E_WORK, [](Blob& b) { add_to(b, b.node_field(kFirst, 96), 1); }},
      {"MacsOfPool", INTACT_E_WORK, poke(kMaximum, 96, 1)},
  };
}

std::vector<Case> params_cases() {
  const auto poke8 = [](std::size_t node, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put8(b.node_field(node, field), value); };
  };
  const auto poke = [](std::size_t node, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put32(b.node_field(node, field), value); };
  };
  const auto shift = [](std::size_t node, std::size_t field, std::uint32_t difference) {
    return [=](Blob& b) { add_to(b, b.node_field(node, field), difference); };
  };
  return {
      {"WeightKindUnsigned", INTACT_E_PARAMS, poke8(kFirst, 48, 0)},
      {"WeightKindUnknown", INTACT_E_PARAMS, poke8(kFirst, 48, 3)},
      {"WeightStorageOfBits", INTACT_E_PARAMS, poke8(kFirst, 49, 8)},
      {"BipolarWeightsOfTwoBits", INTACT_E_PARAMS, poke8(kXnor, 49, 2)},
      {"WeightBits", INTACT_E_PARAMS, poke(kFirst, 92, 5)},
      {"LayoutUnknown", INTACT_E_PARAMS, poke8(kXnor, 50, 2)},
      {"WordTapsOfSignedWeights", INTACT_E_PARAMS, poke8(kFirst, 50, 1)},
      {"PoolWithWeights", INTACT_E_PARAMS, poke8(kMaximum, 48, 1)},
      {"PoolWithWeightBytes", INTACT_E_PARAMS, poke(kMaximum, 68, 16)},
      {"WeightBytes", INTACT_E_PARAMS, shift(kFirst, 68, 1)},
      {"WeightsMisaligned", INTACT_E_PARAMS, shift(kToBits, 64, 4)},
      {"WeightsBeyondParams", INTACT_E_PARAMS, poke(kFirst, 64, 0xfffffff0)},
      {"MultipliersMisaligned", INTACT_E_PARAMS, shift(kFirst, 72, 4)},
      {"MultipliersBeyondParams", INTACT_E_PARAMS, poke(kFirst, 72, 0x7ffffff0)},
      {"BiasesMisaligned", INTACT_E_PARAMS, shift(kFirst, 76, 12)},
      {"BiasesEndBeyondParams", INTACT_E_PARAMS,
       [](Blob& b) { b.put32(b.node_field(kFirst, 76), b.get32(entry(3) + 8) / 16 * 16); }},
      {"LogitsWithMultipliers", INTACT_E_PARAMS, poke(kLogits, 72, 16)},
      {"MaxPoolWithMultipliers", INTACT_E_PARAMS, poke(kMaximum, 72, 16)},
      {"MaxPoolWithBiases", INTACT_E_PARAMS, poke(kMaximum, 76, 16)},
      {"KOf31", INTACT_E_RANGE, poke8(kFirst, 51, 31)},
      {"KOfAdd", INTACT_E_RANGE, poke8(kSum, 51, 1)},
      {"KOfLogits", INTACT_E_RANGE, poke8(kLogits, 51, 1)},
      {"ROfZero", INTACT_E_RANGE, poke8(kFirst, 52, 0)},
      {"ROf17", INTACT_E_RANGE, poke8(kFirst, 52, 17)},
      {"AddWithROf16", INTACT_E_RANGE, poke8(kSum, 52, 16)},
      {"MaxPoolWithR", INTACT_E_RANGE, poke8(kMaximum, 52, 1)},
      {"LogitsWithR", INTACT_E_RANGE, poke8(kLogits, 52, 1)},
      {"PadCodeOutsideGrid", INTACT_E_RANGE, poke(kFirst, 56, 256)},
      {"PadCodeZeroOfBipolar", INTACT_E_RANGE, poke(kXnor, 56, 0)},
      {"AveragePadCode", INTACT_E_RANGE, poke(kAverage, 56, 1)},
      {"MaxPoolPadCode", INTACT_E_RANGE, poke(kMaximum, 56, 7)},
      {"ResidualMultiplierWithoutResidual", INTACT_E_RANGE, poke(kFirst, 60, 1)},
      {"AddMultiplierBeyond16Bits", INTACT_E_RANGE,
       [](Blob& b) { b.put32(b.params + b.get32(b.node_field(kSum, 72)), 32768); }},
      {"AddMultiplierBelow16Bits", INTACT_E_RANGE,
       [](Blob& b) { b.put32(b.params + b.get32(b.node_field(kSum, 72)) + 4, 0U - 32769); }},
      {"PaddingBitsOfDenseRow", INTACT_E_PADDING_BITS,
       [](Blob& b) {  // 27 taps of 4 bits: the high half of byte 13
         const std::size_t at = b.params + b.get32(b.node_field(kFirst, 64)) + 13;
         b.put8(at, b.bytes[at] | 0x10U);
       }},
      {"PaddingBitsOfWordTap", INTACT_E_PADDING_BITS,
       [](Blob& b) {  // 5 channels of a word; the last tap of the last row
         const std::size_t at =
             b.params + b.get32(b.node_field(kXnor, 64)) + b.get32(b.node_field(kXnor, 68)) - 1;
         b.put8(at, 0x80);
       }},
  };
}

std::vector<Case> memory_cases() {
  return {
      {"PoolWithScratch", INTACT_E_ARENA, [](Blob& b) { b.put32(b.node_field(kMaximum, 84), 16); }},
      {"PoolWithScratchOffset", INTACT_E_ARENA, [](Blob& b) { b.put32(b.node_field(kMaximum, 80), 16); }},
      {"ScratchTooSmall", INTACT_E_ARENA, [](Blob& b) { add_to(b, b.node_field(kFirst, 84), 0U - 1); }},
      {"ScratchMisaligned", INTACT_E_ARENA,
       [](Blob& b) {
         add_to(b, b.node_field(kFirst, 80), 8);
         b.put32(20, b.arena + 64);
       }},
      {"ScratchBeyondArena", INTACT_E_ARENA, [](Blob& b) { b.put32(b.node_field(kFirst, 80), 0xfffffff0); }},
      {"ScratchEndsBeyondArena", INTACT_E_ARENA,
       [](Blob& b) { b.put32(b.node_field(kFirst, 84), 0xffffffff); }},
      {"ScratchOnInput", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.node_field(kFirst, 80), b.get32(b.tensor_field(0, 28))); }},
      {"ScratchOnOutput", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.node_field(kFirst, 80), b.get32(b.tensor_field(kFirst + 1, 28)) + 16); }},
      {"ScratchOnResidual", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.node_field(kXnor, 80), b.get32(b.tensor_field(kFirst + 1, 28))); }},
      {"OutputOnConvolutionInput", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.tensor_field(kToBits + 1, 28), b.get32(b.tensor_field(kFirst + 1, 28))); }},
      {"OutputOnPoolInput", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.tensor_field(kMaximum + 1, 28), b.get32(b.tensor_field(kAverage + 1, 28))); }},
      {"AddInPlaceShifted", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.tensor_field(kSum + 1, 28), b.get32(b.tensor_field(kFirst + 1, 28)) + 16); }},
      {"AddInPlaceOfNarrowerOperand", INTACT_E_OVERLAP,
       [](Blob& b) { b.put32(b.tensor_field(kSum + 1, 28), b.get32(b.tensor_field(kXnor + 1, 28))); }},
  };
}

std::vector<Case> golden_cases() {
  return {
      {"ThreeVectors", INTACT_E_GOLDEN, [](Blob& b) { b.put32(entry(5) + 12, 3); }},
      {"VectorsBeyondSection", INTACT_E_GOLDEN, [](Blob& b) { b.put32(entry(5) + 12, 0xffffffff); }},
      {"SectionOfOtherLength", INTACT_E_GOLDEN,
       [](Blob& b) {
         b.bytes.resize(b.bytes.size() + 16);
         add_to(b, 8, 16);
         add_to(b, entry(5) + 8, 4);
       }},
  };
}

std::vector<Case> kernels_cases() {
  const auto poke = [](std::size_t node, std::size_t field, std::uint32_t value) {
    return [=](Blob& b) { b.put16(b.kernels + node * 8 + field, value); };
  };
  const auto shift = [](std::size_t field, std::uint32_t difference) {
    return [=](Blob& b) { add_to(b, entry(kKernelsEntry) + field, difference); };
  };
  const auto records_and_length = [](std::uint32_t records) {
    return [=](Blob& b) {
      add_to(b, entry(kKernelsEntry) + 12, records);
      add_to(b, entry(kKernelsEntry) + 8, records * 8);
    };
  };
  return {
      {"KernelsOfOneNodeTooFew", INTACT_E_SECTION, records_and_length(0U - 1)},
      {"KernelsOfOneNodeTooMany", INTACT_E_SECTION, records_and_length(1)},
      {"NoKernels", INTACT_E_SECTION,
       [=](Blob& b) {
         b.put16(b.kernels + kXnor * 8, 0);  // what lies behind a section is zero
         records_and_length(0U - 7)(b);
       }},
      {"KernelCountBelowLength", INTACT_E_SECTION, shift(12, 0U - 1)},
      {"KernelCountAboveLength", INTACT_E_SECTION, shift(12, 1)},
      {"KernelCountWraps", INTACT_E_SECTION, shift(12, 0x20000000)},
      {"KernelsLengthOneRecordLess", INTACT_E_SECTION, shift(8, 0U - 8)},
      {"KernelsLengthOneRecordMore", INTACT_E_SECTION, shift(8, 8)},
      {"KernelsLengthNotOfRecords", INTACT_E_SECTION, shift(8, 4)},
      {"KernelReservedOfTheFirstNode", INTACT_E_RESERVED, poke(kFirst, 4, 1)},
      {"KernelReservedHighByteOfTheLastNode", INTACT_E_RESERVED, poke(kLogits, 6, 0x8000)},
      {"KernelsTwice", INTACT_E_SECTION, [](Blob& b) { b.put16(entry(4), 7); }},
  };
}

class Malformed : public ::testing::TestWithParam<Case> {};

TEST_P(Malformed, IsRefusedByName) {
  Blob blob = good_blob();
  GetParam().damage(blob);
  BoundModel model(blob);
  EXPECT_STREQ(intact_status_name(model.status()), intact_status_name(GetParam().expected));
}

class MalformedKernels : public ::testing::TestWithParam<Case> {};

TEST_P(MalformedKernels, IsRefusedByName) {
  Blob blob = blob_with_kernels();
  ASSERT_EQ(BoundModel(blob).status(), INTACT_OK);
  GetParam().damage(blob);
  EXPECT_STREQ(intact_status_name(BoundModel(blob).status()), intact_status_name(GetParam().expected));
}

const auto kName = [](const auto& test) { return std::string(test.param.name); };
INSTANTIATE_TEST_SUITE_P(Header, Malformed, ::testing::ValuesIn(header_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Sections, Malformed, ::testing::ValuesIn(section_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Tensors, Malformed, ::testing::ValuesIn(tensor_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Nodes, Malformed, ::testing::ValuesIn(node_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Params, Malformed, ::testing::ValuesIn(params_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Memory, Malformed, ::testing::ValuesIn(memory_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Golden, Malformed, ::testing::ValuesIn(golden_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Kernels, MalformedKernels, ::testing::ValuesIn(kernels_cases()), kName);

TEST(Wellformed, TheUndamagedBlobIsAccepted) {
  BoundModel model(good_blob());
  EXPECT_STREQ(intact_status_name(model.status()), "INTACT_OK");
  EXPECT_EQ(intact_selftest(model.get(), nullptr), INTACT_OK);
}

TEST(Wellformed, WhatMayDifferIsAccepted) {
  Blob blob = good_blob();
  blob.put16(6, 9);                                  // a higher minor version
  blob.put16(entry(4), 77);                          // an unknown optional section
  blob.put32(entry(4) + 12, 5);                      // whose records mean nothing here
  blob.put8(40, 0xff);                               // the state hash
  blob.put8(12, blob.bytes[12] ^ 1U);                // the CRC is checked by its own call
  blob.put32(blob.node_field(kFirst, 88), 12345);    // the bound, for people
  blob.put32(blob.tensor_field(1, 40), 0xffffffff);  // the scale, for people
  EXPECT_EQ(BoundModel(blob).status(), INTACT_OK);
  EXPECT_EQ(intact_check_crc(blob.bytes.data(), blob.bytes.size()), INTACT_E_CRC);
  blob.bytes.resize(blob.bytes.size() + 5, 0xee);  // bytes behind the blob
  EXPECT_EQ(BoundModel(blob).status(), INTACT_OK);
}

// The section is advice: what a loader must not refuse, and what it computes then.
TEST(Wellformed, KernelNumbersAreAdvice) {
  const auto selftest = [](const Blob& blob) {
    BoundModel model(blob);
    return model.status() == INTACT_OK ? intact_selftest(model.get(), nullptr) : model.status();
  };
  EXPECT_EQ(selftest(blob_with_kernels()), INTACT_OK);
  for (const std::uint32_t number : {0U, 1U, 2U, 100U, 0x7fffU, 0x8000U, 0xffffU}) {
    for (const std::uint32_t parameter : {0U, 1U, 0xffffU}) {
      Blob blob = blob_with_kernels();
      for (std::size_t node = 0; node < kNodes; ++node) {  // of an add or a pooling too: nobody looks at it
        blob.put16(blob.kernels + node * 8, number);
        blob.put16(blob.kernels + node * 8 + 2, parameter);
      }
      EXPECT_EQ(selftest(blob), INTACT_OK) << number << ", parameter " << parameter;
    }
  }
  Blob required = blob_with_kernels();
  required.put16(entry(kKernelsEntry) + 2, 1);  // has no effect on a known type
  EXPECT_EQ(selftest(required), INTACT_OK);
}

TEST(Wellformed, WithoutGoldenVectorsThereIsNoSelftest) {
  Blob blob = good_blob();
  blob.put16(entry(5), 77);
  BoundModel model(blob);
  ASSERT_EQ(model.status(), INTACT_OK);
  EXPECT_EQ(intact_selftest(model.get(), nullptr), INTACT_E_GOLDEN);
}

// Rows that end in padding bits, counted for every node that shares them, stay below the blob's length
// (FORMAT section 7).
TEST(Wellformed, SharedWeightsMayNotCostMoreThanLinearTime) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(1, 1, 1));
  ConvShape s;
  s.channels_out = 3000;
  s.weight_bits = 4;
  for (int i = 0; i < 20; ++i) maker.conv(0, s, TensorSpec::bipolar());
  Blob blob = build_blob(maker.network());
  ASSERT_EQ(BoundModel(blob).status(), INTACT_OK);
  const std::uint32_t first_end = blob.get32(blob.node_field(0, 76)) + 12000;
  for (std::size_t i = 1; i < 20; ++i) {
    for (const std::size_t field : {64U, 72U, 76U})
      blob.put32(blob.node_field(i, field), blob.get32(blob.node_field(0, field)));
  }
  const std::uint32_t end = (blob.params + first_end + 15) / 16 * 16;
  blob.bytes.resize(end);
  blob.put32(8, end);
  blob.put32(entry(3) + 8, end - blob.params);
  EXPECT_EQ(BoundModel(blob).status(), INTACT_E_PARAMS);
}

// 13,107 x 13,107 x 64 windows of 65,535 x 65,535: more than 2^65 elements.
TEST(Work, BeyondSixtyFourBitsIsRefusedWithoutALimit) {
  NetworkMaker maker(1, TensorSpec::unsigned_codes(8).shaped(1, 1, 64));
  maker.avg_pool(0, 65535, 65535, 5, 65534, TensorSpec::bipolar());
  const Blob blob = build_blob(maker.network());
  AlignedBytes arena(16);  // of which the loader looks at the address alone
  intact_model m;
  EXPECT_EQ(
      intact_init(&m, blob.bytes.data(), blob.bytes.size(), arena.data(), SIZE_MAX, INTACT_NO_WORK_LIMIT),
      INTACT_E_WORK);
}

TEST(Arguments, AreChecked) {
  const Blob blob = good_blob();
  AlignedBytes arena(blob.arena);
  AlignedBytes shifted(blob.bytes.size() + 16);
  std::copy(blob.bytes.begin(), blob.bytes.end(), shifted.begin() + 4);
  intact_model m;
  std::size_t bytes = 0;
  const std::uint8_t* data = blob.bytes.data();
  const std::size_t size = blob.bytes.size();
  const std::uint64_t any = INTACT_NO_WORK_LIMIT;
  EXPECT_EQ(intact_init(nullptr, data, size, arena.data(), arena.size(), any), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_init(&m, nullptr, size, arena.data(), arena.size(), any), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_init(&m, data, size, nullptr, arena.size(), any), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_init_with(&m, data, size, arena.data(), arena.size(), any, nullptr), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_init(&m, shifted.data() + 4, size, arena.data(), arena.size(), any), INTACT_E_ALIGNMENT);
  EXPECT_EQ(intact_init(&m, data, size, arena.data() + 8, arena.size(), any), INTACT_E_ALIGNMENT);
  EXPECT_EQ(intact_init(&m, data, size, arena.data(), arena.size() - 1, any), INTACT_E_ARENA);
  EXPECT_EQ(intact_init(&m, data, size - 1, arena.data(), arena.size(), any), INTACT_E_TRUNCATED);
  EXPECT_EQ(intact_init(&m, data, 63, arena.data(), arena.size(), any), INTACT_E_TRUNCATED);
  EXPECT_EQ(intact_init(&m, data, size, arena.data(), arena.size(), any), INTACT_OK);
  EXPECT_EQ(intact_required_arena(data, size, &bytes), INTACT_OK);
  EXPECT_EQ(bytes, blob.arena);
  EXPECT_EQ(intact_required_arena(data, 63, &bytes), INTACT_E_TRUNCATED);
  EXPECT_EQ(intact_required_arena(data, size, nullptr), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_required_arena(nullptr, size, &bytes), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_check_crc(nullptr, size), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_run(nullptr), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_run_node(nullptr, 0), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_selftest(nullptr, nullptr), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_get_tensor(nullptr, 0, nullptr), INTACT_E_ARGUMENT);
  EXPECT_EQ(intact_node_output(nullptr, 0, nullptr), INTACT_E_ARGUMENT);
}

TEST(Truncated, EveryPrefixIsRefused) {
  const Blob blob = good_blob();
  AlignedBytes arena(blob.arena);
  intact_model m;
  for (std::size_t size = 0; size < blob.bytes.size(); ++size)
    ASSERT_EQ(intact_init(&m, blob.bytes.data(), size, arena.data(), arena.size(), INTACT_NO_WORK_LIMIT),
              INTACT_E_TRUNCATED);
}

}  // namespace
}  // namespace intact::testing
