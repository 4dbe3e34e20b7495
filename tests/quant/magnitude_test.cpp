#include "quant/magnitude.h"

#include <gmock/gmock.h>
#include "quant/libtorch.h"

#include <cmath>
#include <limits>

#include "core/error.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::floats;
using test::random_tensor;
using test::values;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Magnitude, PerTensorAndPerChannel) {
  const torch::Tensor w = floats({1, -2, 3, 0.5F, 0.25F, -0.75F}, {2, 3});
  EXPECT_EQ(max_magnitude(w, false).item<float>(), 3.0F);
  EXPECT_EQ(mean_magnitude(w, false).item<float>(), 1.25F);
  EXPECT_EQ(max_magnitude(w, false).dim(), 0);
  EXPECT_THAT(values(max_magnitude(w, true)), ElementsAre(3, 0.75F));
  EXPECT_THAT(values(mean_magnitude(w, true)), ElementsAre(2, 0.5F));
}

TEST(Magnitude, SameBitsInEveryLayout) {
  const torch::Tensor w = random_tensor({5, 7, 3, 3}, 1.0, 1);
  const torch::Tensor last = w.contiguous(torch::MemoryFormat::ChannelsLast);
  for (const bool by_channel : {false, true}) {
    EXPECT_TRUE(torch::equal(mean_magnitude(w, by_channel), mean_magnitude(last, by_channel)));
    EXPECT_TRUE(torch::equal(max_magnitude(w, by_channel), max_magnitude(last, by_channel)));
  }
}

TEST(Magnitude, EmptyTensorIsRefused) {
  EXPECT_THROW(max_magnitude(torch::empty({0, 3}), true), Error);
}

TEST(RequireFinite, NamesTheFirstElement) {
  torch::Tensor w = torch::zeros({2, 3, 2});
  EXPECT_NO_THROW(require_finite(w, "quantizer", "values"));
  w[1][2][0] = std::numeric_limits<float>::infinity();
  w[1][0][1] = std::nanf("");
  try {
    require_finite(w, "quantizer", "values");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("quantizer, values: element [1, 0, 1] is nan (2 of 12 are not finite)"));
  }
}

}  // namespace
}  // namespace intact
