#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include "core/error.h"
#include "quant/quantizer.h"

namespace intact {
namespace {

using testing::HasSubstr;

template <class F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string weight_error(QuantizerKind kind, int bits, int64_t channels = 4) {
  return message_of([&] {
    WeightQuantConfig config;
    config.quantizer = kind;
    config.bits = bits;
    make_weight_quantizer(config, channels);
  });
}

std::string activation_error(QuantizerKind kind, int bits, ActivationRange range, bool after_rectifier,
                             std::optional<double> ceiling = std::nullopt) {
  return message_of([&] {
    ActivationQuantConfig config;
    config.quantizer = kind;
    config.bits = bits;
    config.range = range;
    make_activation_quantizer(config, after_rectifier, ceiling);
  });
}

TEST(QuantizerFactory, WeightsThatHaveNoMeaning) {
  EXPECT_THAT(weight_error(QuantizerKind::kPact, 4),
              HasSubstr("pact and lsq_plus quantize activations only"));
  EXPECT_THAT(weight_error(QuantizerKind::kBinary, 2), HasSubstr("1 bit, not 2"));
  EXPECT_THAT(weight_error(QuantizerKind::kLsq, 1), HasSubstr("2 to 8 bits, not 1"));
  EXPECT_THAT(weight_error(QuantizerKind::kUniform, 9), HasSubstr("2 to 8 bits, not 9"));
  EXPECT_THAT(weight_error(QuantizerKind::kLsq, 8, 0), HasSubstr("at least 1 output channel"));
}

TEST(QuantizerFactory, ActivationsThatHaveNoMeaning) {
  using Kind = QuantizerKind;
  using Range = ActivationRange;
  EXPECT_THAT(activation_error(Kind::kPact, 4, Range::kAuto, false), HasSubstr("needs a rectifier"));
  EXPECT_THAT(activation_error(Kind::kLsq, 4, Range::kAsymmetric, false), HasSubstr("no zero point"));
  EXPECT_THAT(activation_error(Kind::kLsq, 4, Range::kSigned, true), HasSubstr("after a rectifier"));
  EXPECT_THAT(activation_error(Kind::kBinary, 8, Range::kAuto, false), HasSubstr("1 bit, not 8"));
  EXPECT_THAT(activation_error(Kind::kBinary, 1, Range::kAuto, true), HasSubstr("always +1"));
  EXPECT_THAT(activation_error(Kind::kBinary, 1, Range::kUnsigned, false), HasSubstr("-1 or +1"));
  EXPECT_THAT(activation_error(Kind::kLsq, 1, Range::kAuto, false), HasSubstr("2 to 8 bits, not 1"));
  EXPECT_THAT(activation_error(Kind::kUniform, 1, Range::kAsymmetric, false),
              HasSubstr("2 to 8 bits, not 1"));
  EXPECT_THAT(activation_error(Kind::kUniform, 0, Range::kAuto, true), HasSubstr("1 to 8 bits, not 0"));
  EXPECT_THAT(activation_error(Kind::kLsq, 9, Range::kAuto, true), HasSubstr("1 to 8 bits, not 9"));
  EXPECT_THAT(activation_error(Kind::kLsq, 8, Range::kAuto, false, 6.0), HasSubstr("ceiling"));
  EXPECT_THAT(activation_error(Kind::kLsq, 8, Range::kAuto, true, 0.0), HasSubstr("ceiling must be above 0"));
}

TEST(QuantizerFactory, AutoRangeFollowsTheRectifier) {
  ActivationQuantConfig config;
  config.bits = 4;
  EXPECT_EQ(make_activation_quantizer(config, true, {})->grid(), Grid::unsigned_grid(4));
  EXPECT_EQ(make_activation_quantizer(config, false, {})->grid(), Grid::signed_grid(4));
  config.range = ActivationRange::kUnsigned;
  EXPECT_EQ(make_activation_quantizer(config, false, {})->grid(), Grid::unsigned_grid(4));
}

TEST(QuantizerFactory, WeightGridIsNarrowAtEightBitsOnly) {
  WeightQuantConfig config;
  EXPECT_EQ(make_weight_quantizer(config, 4)->grid().qmin, -127);
  config.bits = 7;
  EXPECT_EQ(make_weight_quantizer(config, 4)->grid().qmin, -64);
  config.bits = 2;
  EXPECT_EQ(make_weight_quantizer(config, 4)->grid().qmin, -2);
}

TEST(QuantizerFactory, ObservingIsOnAtFirst) {
  const auto quantizer = make_weight_quantizer({}, 4);
  EXPECT_TRUE(quantizer->observing());
  quantizer->set_observing(false);
  EXPECT_FALSE(quantizer->observing());
}

}  // namespace
}  // namespace intact
