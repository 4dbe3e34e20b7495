// Training on a small data set: it learns, leaves what a run folder promises, and resumes to the very same
// weights.
#include "train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include "quant/libtorch.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "config/least_bits.h"
#include "config/load.h"
#include "core/error.h"
#include "data/dataset.h"
#include "synthetic_idx.h"
#include "train/evaluate.h"

namespace intact {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Everything that a run's end is judged by: both networks' parameters and buffers, and the integers.
struct FinalState {
  std::vector<torch::Tensor> tensors;
  Graph graph;
};

FinalState final_state(const ExperimentConfig& config, const RunFolder& folder) {
  Checkpoint checkpoint(folder.checkpoint());
  const Shape shape{8, 8, 1};
  const auto network = build_network(config, shape), reference = build_network(config, shape);
  checkpoint.restore({*network, *reference, nullptr});
  FinalState state;
  for (const auto& n : {network, reference}) {
    for (const auto& t : n->parameters()) state.tensors.push_back(t);
    for (const auto& t : n->buffers()) state.tensors.push_back(t);
  }
  state.graph = checkpoint.graph().value();
  return state;
}

void expect_same(const FinalState& a, const FinalState& b) {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i)
    EXPECT_TRUE(torch::equal(a.tensors[i], b.tensors[i])) << i;
  EXPECT_TRUE(a.graph == b.graph);
}

class TrainerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::warn);
    test::write_synthetic_idx(scratch / "data");
    config = parse_config(test::synthetic_config(scratch / "data"), "synthetic.yaml");
    set_threads(config.threads);
  }

  test::ScratchFolder scratch;
  ExperimentConfig config;
};

TEST_F(TrainerTest, LearnsAndLeavesACompleteRun) {
  const RunFolder folder{scratch / "run"};
  const TrainResult result = train(config, folder, {});
  EXPECT_TRUE(result.complete);
  EXPECT_GE(result.progress.quantized_accuracy, 0.9);  // four classes; chance is 0.25
  EXPECT_GE(result.progress.float_accuracy, 0.9);
  EXPECT_EQ(load_config(folder.config()), config);
  const std::string metrics = text_of(folder.metrics());
  for (const char* moment : {"before re-estimation", "after re-estimation", "after the exact epochs"}) {
    EXPECT_THAT(metrics, ::testing::HasSubstr(moment));
  }
  EXPECT_THAT(metrics, ::testing::HasSubstr(to_hex(result.hash)));
  const Checkpoint checkpoint(folder.checkpoint());
  EXPECT_EQ(hash_graph(checkpoint.graph().value()), result.hash);
  // The integers in the checkpoint are those of its parameters.
  const auto network = build_network(config, {8, 8, 1}), reference = build_network(config, {8, 8, 1});
  Checkpoint(folder.checkpoint()).restore({*network, *reference, nullptr});
  EXPECT_TRUE(network->freeze() == checkpoint.graph().value());
}

// A phase with 8 bits in front of the one with the network's own.
void begin_with_8_bits(TrainConfig& train) {
  const auto qat = std::find_if(train.phases.begin(), train.phases.end(),
                                [](const PhaseConfig& phase) { return phase.kind == PhaseKind::kQat; });
  PhaseConfig gradual = *qat;
  gradual.bits = 8;
  train.phases.insert(qat, gradual);
}

std::vector<int> activation_bits(const Graph& graph) {
  std::vector<int> bits;
  for (std::size_t i = 1; i + 1 < graph.tensors.size(); ++i) bits.push_back(graph.tensors[i].grid.bits);
  return bits;
}

// Binary layers stay binary; all end on the bits of the config.
TEST_F(TrainerTest, BitsFallInPhases) {
  begin_with_8_bits(config.train);
  const RunFolder folder{scratch / "run"};
  ASSERT_TRUE(train(config, folder, {}).complete);
  const Graph graph = Checkpoint(folder.checkpoint()).graph().value();
  const ExperimentConfig at_8 = with_least_bits(config, 8);
  EXPECT_NE(activation_bits(graph), std::vector<int>(activation_bits(graph).size(), 8));
  for (const LayerConfig& layer : config.model.layers) {
    const auto activations = activation_quant_for(at_8.quantization, layer.name);
    const auto weights = weight_quant_for(at_8.quantization, layer.name);
    EXPECT_EQ(activations.bits, activations.quantizer == QuantizerKind::kBinary ? 1 : 8) << layer.name;
    EXPECT_EQ(weights.bits, weights.quantizer == QuantizerKind::kBinary ? 1 : 8) << layer.name;
  }
  // The integers are those of the network that the config describes.
  const auto network = build_network(config, {8, 8, 1}), reference = build_network(config, {8, 8, 1});
  Checkpoint(folder.checkpoint()).restore({*network, *reference, nullptr});
  EXPECT_TRUE(network->freeze() == graph);
  const std::string metrics = text_of(folder.metrics());
  std::size_t changes = 0;
  for (std::size_t at = 0; (at = metrics.find("\"calibrate\"", at)) != std::string::npos; ++at) ++changes;
  EXPECT_EQ(changes, 2U);
}

TEST_F(TrainerTest, InterruptedAnywhereAndResumedItEndsTheSame) {
  begin_with_8_bits(config.train);
  const RunFolder whole{scratch / "whole"}, pieces{scratch / "pieces"};
  ASSERT_TRUE(train(config, whole, {}).complete);
  int interruptions = 0;
  for (bool complete = false; !complete;) {
    ASSERT_LT(interruptions, 400);
    std::atomic<bool> interrupt{false};
    TrainOptions options;
    options.resume = true;
    options.interrupt = &interrupt;
    std::jthread timer([&, wait = 150 + 37 * (interruptions % 11)] {
      std::this_thread::sleep_for(std::chrono::milliseconds(wait));
      interrupt = true;
    });
    complete = train(config, pieces, options).complete;
    if (!complete) ++interruptions;
  }
  expect_same(final_state(config, whole), final_state(config, pieces));
  EXPECT_EQ(text_of(whole.metrics()), text_of(pieces.metrics()));
}

// Two epochs of qat, both in the mean: the run with the average must end where the mean of the two runs'
// weights (one epoch, two epochs) puts it.
TEST_F(TrainerTest, AveragedWeightsAreTheMeanOfTheLastEpochs) {
  config.train.phases.resize(3);  // float, calibrate, qat: no frozen phase moves them again
  config.train.phases.back().epochs = 2;
  config.train.phases.back().schedule.kind = ScheduleKind::kConstant;  // one epoch is the start of two
  config.train.float_reference = false;
  const auto weights_of = [&](const std::string& name, int epochs, int averaged) {
    ExperimentConfig c = config;
    c.train.phases.back().epochs = epochs;
    c.train.average_epochs = averaged;
    const RunFolder folder{scratch / name};
    EXPECT_TRUE(train(c, folder, {}).complete);
    return final_state(c, folder);
  };
  const FinalState one = weights_of("one", 1, 0), two = weights_of("two", 2, 0),
                   mean = weights_of("mean", 2, 2);
  const std::size_t parameters = build_network(config, {8, 8, 1})->parameters().size();
  int moved = 0;
  for (std::size_t i = 0; i < parameters; ++i) {
    const torch::Tensor expected = one.tensors[i] + (two.tensors[i] - one.tensors[i]) * 0.5;
    EXPECT_TRUE(torch::equal(mean.tensors[i], expected)) << i;
    moved += !torch::equal(one.tensors[i], two.tensors[i]);
  }
  EXPECT_GT(moved, 0);
}

TEST_F(TrainerTest, AveragesAcrossInterruptions) {
  config.train.average_epochs = 2;
  for (PhaseConfig& phase : config.train.phases) {
    if (phase.kind == PhaseKind::kQat) phase.epochs = 3;
  }
  const RunFolder whole{scratch / "whole"}, pieces{scratch / "pieces"};
  ASSERT_TRUE(train(config, whole, {}).complete);
  int interruptions = 0;
  for (bool complete = false; !complete; ++interruptions) {
    ASSERT_LT(interruptions, 400);
    std::atomic<bool> interrupt{false};
    TrainOptions options;
    options.resume = true;
    options.interrupt = &interrupt;
    std::jthread timer([&, wait = 400 + 97 * (interruptions % 7)] {
      std::this_thread::sleep_for(std::chrono::milliseconds(wait));
      interrupt = true;
    });
    complete = train(config, pieces, options).complete;
  }
  expect_same(final_state(config, whole), final_state(config, pieces));
}

// Without a float reference: no epoch of one, the float network stays, and the quantized one learns from it.
TEST_F(TrainerTest, TheFloatNetworkTeachesAsItIs) {
  config.train.float_reference = false;
  const TrainResult alone = train(config, RunFolder{scratch / "alone"}, {});
  config.train.distill.weight = 0.5;
  const RunFolder folder{scratch / "taught"};
  const TrainResult taught = train(config, folder, {});
  EXPECT_GE(taught.progress.quantized_accuracy, 0.9);
  EXPECT_NE(taught.hash, alone.hash);
  EXPECT_EQ(taught.progress.float_accuracy, alone.progress.float_accuracy);
  EXPECT_THAT(text_of(folder.metrics()), ::testing::Not(::testing::HasSubstr("float reference")));
}

TEST_F(TrainerTest, ARunIsNotOverwritten) {
  const RunFolder folder{scratch / "run"};
  train(config, folder, {});
  EXPECT_THROW(train(config, folder, {}), Error);
}

TEST_F(TrainerTest, WithoutItsDataARunLeavesNoTrace) {
  const RunFolder folder{scratch / "run"};
  std::filesystem::rename(scratch / "data", scratch / "away");
  bool started = false;
  TrainOptions options;
  options.started = [&] { started = true; };
  EXPECT_THROW(train(config, folder, options), Error);
  EXPECT_FALSE(std::filesystem::exists(folder.root));
  EXPECT_FALSE(started);
  std::filesystem::rename(scratch / "away", scratch / "data");
  options.started = [&] { started = std::filesystem::exists(folder.config()); };
  EXPECT_TRUE(train(config, folder, options).complete);
  EXPECT_TRUE(started);
}

TEST_F(TrainerTest, ResumingWithAnotherConfigIsRefused) {
  const RunFolder folder{scratch / "run"};
  train(config, folder, {});
  ExperimentConfig other = config;
  other.seed = 8;
  TrainOptions options;
  options.resume = true;
  EXPECT_THROW(train(other, folder, options), Error);
}

TEST_F(TrainerTest, DamagedCheckpointsAreNamed) {
  const RunFolder folder{scratch / "run"};
  train(config, folder, {});
  const std::string bytes = text_of(folder.checkpoint());
  TrainOptions options;
  options.resume = true;
  for (const std::string& damaged :
       {std::string(), bytes.substr(0, bytes.size() / 2), std::string(1000, 'x')}) {
    std::ofstream(folder.checkpoint(), std::ios::binary) << damaged;
    EXPECT_THAT(
        [&] { train(config, folder, options); },
        ::testing::Throws<Error>(::testing::Property(&Error::what, ::testing::HasSubstr("checkpoint.pt"))));
  }
}

TEST_F(TrainerTest, DivergenceIsAnError) {
  config.train.optimizer.lr = 1e30;
  config.train.phases[0].lr = 1e30;
  EXPECT_THAT([&] { train(config, RunFolder{scratch / "run"}, {}); },
              ::testing::Throws<Error>(::testing::Property(&Error::what, ::testing::HasSubstr("diverged"))));
}

TEST_F(TrainerTest, TooFewOutputsForTheClassesIsLocated) {
  config.model.layers.back().out = 3;
  EXPECT_THAT([&] { train(config, RunFolder{scratch / "run"}, {}); },
              ::testing::Throws<ConfigError>(::testing::Property(
                  &ConfigError::what, ::testing::HasSubstr("3 outputs, the data 4 classes"))));
  EXPECT_FALSE(std::filesystem::exists(scratch / "run"));
}

// 8 x 8 inputs through 12 values and back: labels play no part, and the error falls well below the data's own
// spread.
class ReconstructionTest : public TrainerTest {
 protected:
  void SetUp() override {
    TrainerTest::SetUp();
    config.train.loss = LossKind::kReconstruction;
    LayerConfig code, out;
    code.name = "code";
    code.kind = out.kind = LayerKind::kLinear;
    code.inputs = {"input"};
    code.out = 12;
    code.batch_norm = true;
    code.activation = ActivationKind::kRelu;
    out.name = "out";
    out.inputs = {"code"};
    out.out = 64;
    config.model.layers = {code, out};
    config.quantization.overrides.clear();
    config.quantization.weights.bits = config.quantization.activations.bits = 8;
    config.train.optimizer.kind = OptimizerKind::kAdam;
    config.train.optimizer.lr = 0.02;
    config.train.phases[0].epochs = 6;
    config.train.phases[2].lr = 0.005;
  }
};

TEST_F(ReconstructionTest, ErrorFalls) {
  const RunFolder folder{scratch / "run"};
  ASSERT_TRUE(train(config, folder, {}).complete);
  const DataSplits data = load_data(config.data);
  const InputSpec input = input_spec(config.data, {8, 8, 1});
  double sum = 0, squares = 0;
  for (const std::uint8_t code : data.test.images) {
    const double real = input.scale * (code - input.zero_point);
    sum += real;
    squares += real * real;
  }
  const auto n = static_cast<double>(data.test.images.size());
  const double variance = squares / n - sum / n * (sum / n);
  const Checkpoint checkpoint(folder.checkpoint());
  const Evaluation e =
      evaluate_integers(IntegerNetwork(checkpoint.graph().value()), data.test, config.train.loss);
  EXPECT_FALSE(e.accuracy.has_value());
  EXPECT_EQ(e.samples, 60);
  EXPECT_GT(e.loss, 0);
  EXPECT_LT(e.loss, 0.75 * variance);
  EXPECT_THAT(text_of(folder.metrics()), ::testing::Not(::testing::HasSubstr("accuracy")));
}

TEST_F(ReconstructionTest, OutputsMustBeAsManyAsInputs) {
  config.model.layers.back().out = 65;
  EXPECT_THAT([&] { train(config, RunFolder{scratch / "run"}, {}); },
              ::testing::Throws<ConfigError>(::testing::Property(
                  &ConfigError::what, ::testing::HasSubstr("65 outputs, its input 64 values to give back"))));
}

}  // namespace
}  // namespace intact
