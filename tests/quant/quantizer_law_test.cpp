// What holds for every quantizer that the factories make.
#include <gtest/gtest.h>
#include "quant/libtorch.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "core/error.h"
#include "quant/quantizer.h"
#include "tests/quant/tensors.h"

namespace intact {
namespace {

using test::random_tensor;

struct Case {
  std::string name;
  bool weights = false;
  WeightQuantConfig weight;
  ActivationQuantConfig activation;
  bool after_rectifier = false;
  std::optional<double> ceiling;

  std::shared_ptr<Quantizer> make() const {
    return weights ? make_weight_quantizer(weight, kChannels)
                   : make_activation_quantizer(activation, after_rectifier, ceiling);
  }
  static constexpr int64_t kChannels = 4;
};

std::vector<Case> weight_cases() {
  std::vector<Case> cases;
  const auto add = [&](const std::string& name, QuantizerKind kind, int bits, ObserverKind observer) {
    for (const Granularity granularity : {Granularity::kPerTensor, Granularity::kPerChannel}) {
      Case c;
      c.name = name + "_w" + std::to_string(bits) +
               (granularity == Granularity::kPerTensor ? "_per_tensor" : "_per_channel");
      c.weights = true;
      c.weight = {kind, bits, granularity, observer};
      cases.push_back(c);
    }
  };
  for (int bits = 2; bits <= 8; ++bits) {
    add("lsq", QuantizerKind::kLsq, bits, ObserverKind::kMinMax);
    add("minmax", QuantizerKind::kUniform, bits, ObserverKind::kMinMax);
    add("average", QuantizerKind::kUniform, bits, ObserverKind::kMovingAverage);
    add("mean_squared_error", QuantizerKind::kUniform, bits, ObserverKind::kMeanSquaredError);
    add("tqt", QuantizerKind::kTqt, bits, ObserverKind::kMinMax);
    add("dorefa", QuantizerKind::kDorefa, bits, ObserverKind::kMinMax);
    if (bits != 6 && bits != 7) add("sawb", QuantizerKind::kSawb, bits, ObserverKind::kMinMax);
  }
  add("ternary", QuantizerKind::kTernary, 2, ObserverKind::kMinMax);
  add("binary", QuantizerKind::kBinary, 1, ObserverKind::kMinMax);
  return cases;
}

std::vector<Case> activation_cases() {
  std::vector<Case> cases;
  const auto add = [&](const std::string& name, QuantizerKind kind, int bits, ActivationRange range,
                       bool rectifier, std::optional<double> ceiling,
                       ObserverKind observer = ObserverKind::kMovingAverage) {
    Case c;
    c.name = name + "_a" + std::to_string(bits);
    c.activation.quantizer = kind;
    c.activation.bits = bits;
    c.activation.range = range;
    c.activation.observer = observer;
    c.after_rectifier = rectifier;
    c.ceiling = ceiling;
    cases.push_back(c);
  };
  for (int bits = 1; bits <= 8; ++bits) {
    add("lsq_relu", QuantizerKind::kLsq, bits, ActivationRange::kAuto, true, {});
    add("lsq_relu6", QuantizerKind::kLsq, bits, ActivationRange::kAuto, true, 6.0);
    add("tqt_relu", QuantizerKind::kTqt, bits, ActivationRange::kAuto, true, {});
    add("tqt_relu6", QuantizerKind::kTqt, bits, ActivationRange::kAuto, true, 6.0);
    add("uniform_relu", QuantizerKind::kUniform, bits, ActivationRange::kAuto, true, {},
        ObserverKind::kMinMax);
    add("uniform_relu6", QuantizerKind::kUniform, bits, ActivationRange::kUnsigned, true, 6.0);
    add("uniform_rectified_asymmetric", QuantizerKind::kUniform, bits, ActivationRange::kAsymmetric, true,
        {});
    add("pact_relu", QuantizerKind::kPact, bits, ActivationRange::kAuto, true, {});
    add("pact_relu6", QuantizerKind::kPact, bits, ActivationRange::kAuto, true, 3.0);
    if (bits == 1) continue;
    add("lsq", QuantizerKind::kLsq, bits, ActivationRange::kAuto, false, {});
    add("tqt", QuantizerKind::kTqt, bits, ActivationRange::kAuto, false, {});
    add("uniform", QuantizerKind::kUniform, bits, ActivationRange::kSigned, false, {});
    add("uniform_asymmetric", QuantizerKind::kUniform, bits, ActivationRange::kAsymmetric, false, {});
    add("percentile", QuantizerKind::kUniform, bits, ActivationRange::kAsymmetric, false, {},
        ObserverKind::kPercentile);
    add("mean_squared_error", QuantizerKind::kUniform, bits, ActivationRange::kSigned, false, {},
        ObserverKind::kMeanSquaredError);
    add("entropy", QuantizerKind::kUniform, bits, ActivationRange::kAuto, true, 6.0, ObserverKind::kEntropy);
    add("lsq_plus", QuantizerKind::kLsqPlus, bits, ActivationRange::kAuto, false, {});
  }
  add("binary", QuantizerKind::kBinary, 1, ActivationRange::kAuto, false, {});
  return cases;
}

torch::Tensor sample(std::uint64_t key) {
  torch::Tensor r = random_tensor({Case::kChannels, 5, 3, 3}, 8.0, key);
  float* values = r.data_ptr<float>();
  values[0] = 0.0F;
  values[1] = -0.0F;
  values[2] = std::numeric_limits<float>::denorm_min();
  values[3] = -std::numeric_limits<float>::min();
  return r;
}

// Bytes of all parameters and buffers.
std::string state_of(const Quantizer& quantizer) {
  torch::serialize::OutputArchive archive;
  quantizer.save(archive);
  std::ostringstream stream;
  archive.save_to(stream);
  return stream.str();
}

void expect_same(const IntTensor& a, const IntTensor& b) {
  EXPECT_TRUE(torch::equal(a.v, b.v));
  EXPECT_TRUE(torch::equal(a.s, b.s));
  EXPECT_EQ(a.grid, b.grid);
}

std::vector<Case> all_cases() {
  std::vector<Case> cases = weight_cases();
  const std::vector<Case> activations = activation_cases();
  cases.insert(cases.end(), activations.begin(), activations.end());
  return cases;
}

TEST(QuantizerLaw, ForwardIsToInt) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    for (std::uint64_t key = 1; key <= 3; ++key) {
      const torch::Tensor r = sample(key) * static_cast<double>(key);
      const IntTensor trained = quantizer->forward(r);  // may move the range that to_int() then has
      expect_same(trained, quantizer->to_int(r));
      quantizer->eval();
      expect_same(quantizer->forward(r), quantizer->to_int(r));
      quantizer->train();
    }
  }
}

TEST(QuantizerLaw, CodesAreIntegersOnTheGrid) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    const IntTensor q = quantizer->to_int(sample(2) * 100.0);
    check_grid(q.grid);
    EXPECT_EQ(q.grid, quantizer->grid());
    const torch::Tensor codes = q.v + q.grid.z;
    EXPECT_TRUE(torch::equal(codes, codes.trunc()));
    EXPECT_GE(codes.min().item<float>(), q.grid.qmin);
    EXPECT_LE(codes.max().item<float>(), q.grid.qmax);
    if (q.grid.kind == GridKind::kBipolar) {
      EXPECT_TRUE(q.v.abs().eq(1).all().item<bool>());
    }
    EXPECT_GE(q.s.min().item<float>(), 0x1p-20F);
    EXPECT_EQ(q.v.scalar_type(), torch::kFloat32);
    const bool per_channel = c.weights && c.weight.granularity == Granularity::kPerChannel;
    EXPECT_EQ(q.s.dim(), per_channel ? 1 : 0);
  }
}

TEST(QuantizerLaw, ChannelsLastGivesTheSameAndStaysChannelsLast) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto plain = c.make();
    const auto last = c.make();
    const torch::Tensor r = sample(3);
    const torch::Tensor r_last = r.contiguous(torch::MemoryFormat::ChannelsLast);
    const IntTensor a = plain->forward(r);
    const IntTensor b = last->forward(r_last);
    expect_same(a, b);
    EXPECT_TRUE(b.v.is_contiguous(torch::MemoryFormat::ChannelsLast));
    EXPECT_TRUE(last->to_int(r_last).v.is_contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

TEST(QuantizerLaw, EvaluationChangesNoState) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    const std::string before = state_of(*quantizer);
    quantizer->to_int(sample(2) * 50.0);
    quantizer->eval();
    quantizer->forward(sample(2) * 50.0);
    EXPECT_EQ(state_of(*quantizer), before);
  }
}

TEST(QuantizerLaw, StateSurvivesSaveAndLoad) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    quantizer->forward(sample(2));
    std::stringstream stream;
    torch::save(quantizer, stream);
    auto loaded = c.make();
    torch::load(loaded, stream);
    EXPECT_TRUE(loaded->initialized());
    loaded->eval();
    expect_same(loaded->to_int(sample(3)), quantizer->to_int(sample(3)));
    expect_same(loaded->forward(sample(3)), quantizer->to_int(sample(3)));
  }
}

TEST(QuantizerLaw, GradientReachesTheValuesAndEveryParameter) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    torch::Tensor r = sample(2).requires_grad_();
    const IntTensor q = quantizer->forward(r);
    std::vector<int64_t> shape(4, 1);
    if (q.s.dim() == 1) shape[0] = q.s.size(0);
    (q.v * q.s.view(shape) * sample(4)).sum().backward();
    EXPECT_TRUE(r.grad().abs().sum().item<float>() > 0.0F);
    for (const torch::Tensor& parameter : quantizer->parameters()) {
      EXPECT_TRUE(parameter.grad().defined());
      EXPECT_TRUE(torch::isfinite(parameter.grad()).all().item<bool>());
    }
  }
}

TEST(QuantizerLaw, NoGradientIsRecordedWithoutNeed) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    const torch::Tensor r = sample(2).requires_grad_();
    EXPECT_FALSE(quantizer->to_int(r).v.requires_grad());
    EXPECT_FALSE(quantizer->to_int(r).s.requires_grad());
    const torch::NoGradGuard no_grad;
    EXPECT_FALSE(quantizer->forward(r).v.requires_grad());
  }
}

TEST(QuantizerLaw, ToIntRefusesValuesThatAreNotFinite) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    for (const float bad :
         {std::nanf(""), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
      torch::Tensor r = sample(2);
      r[2][1][0][2] = bad;
      try {
        quantizer->to_int(r);
        FAIL() << bad;
      } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("[2, 1, 0, 2]"), std::string::npos) << error.what();
      }
    }
  }
}

TEST(QuantizerLaw, ToIntRefusesAScaleThatIsNotFinite) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    if (quantizer->parameters().empty()) continue;  // the scale is not learned
    quantizer->observe(sample(1));
    const torch::NoGradGuard no_grad;
    quantizer->parameters()[0].fill_(std::nanf(""));
    EXPECT_THROW(quantizer->to_int(sample(2)), Error);
  }
}

TEST(QuantizerLaw, ExtremeValuesSaturate) {
  for (const Case& c : activation_cases()) {
    SCOPED_TRACE(c.name);
    const auto quantizer = c.make();
    quantizer->observe(sample(1));
    const float huge = std::numeric_limits<float>::max();
    const IntTensor q = quantizer->to_int(torch::tensor({huge, -huge}).view({2, 1, 1, 1}));
    EXPECT_EQ(q.v[0].item<float>(), static_cast<float>(q.grid.qmax - q.grid.z));
    EXPECT_EQ(q.v[1].item<float>(), static_cast<float>(q.grid.qmin - q.grid.z));
  }
}

}  // namespace
}  // namespace intact
