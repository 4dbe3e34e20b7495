// The verbs, run as a user runs them: train, export, compare on every core, inspect, run; kill -9 and resume;
// bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "command.h"
#include "core/random.h"
#include "synthetic_idx.h"

namespace intact::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

// One trained and exported run, shared by the tests.
class EndToEnd : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new ScratchFolder;
    write_synthetic_idx(*folder / "data");
    std::ofstream(config()) << synthetic_config(*folder / "data");
    trained = run_intact({"train", config(), "--out", run(), "--json", *folder / "train.json"});
    exported = run_intact({"export", run(), "--json", *folder / "export.json"});
  }
  static void TearDownTestSuite() { delete folder; }

  static std::string config() { return *folder / "config.yaml"; }
  static std::string run() { return *folder / "run"; }
  static std::string blob() { return *folder / "run/model.blob"; }
  static json json_of(const std::string& name) { return json::parse(bytes_of(*folder / name)); }

  static ScratchFolder* folder;
  static CommandResult trained, exported;
};
ScratchFolder* EndToEnd::folder = nullptr;
CommandResult EndToEnd::trained, EndToEnd::exported;

TEST_F(EndToEnd, TrainReports) {
  ASSERT_EQ(trained.exit_code, 0) << trained.output;
  const json result = json_of("train.json");
  EXPECT_TRUE(result["complete"].get<bool>());
  EXPECT_GE(result["quantized_accuracy"].get<double>(), 0.9);
  EXPECT_GT(result["images_per_second"].get<double>(), 0);
}

TEST_F(EndToEnd, ExportWritesBlobAndCArrayOfTheSameIntegers) {
  ASSERT_EQ(exported.exit_code, 0) << exported.output;
  const json result = json_of("export.json");
  EXPECT_EQ(result["integers"], json_of("train.json")["integers"]);
  EXPECT_EQ(result["flash_bytes"].get<std::size_t>(), bytes_of(blob()).size());
  EXPECT_TRUE(std::filesystem::exists(*folder / "run/model.c"));
  EXPECT_TRUE(std::filesystem::exists(*folder / "run/model.h"));
}

// A blob for a core holds the same integers and names its target, in the export's report, in inspect's and in
// the file.
TEST_F(EndToEnd, ExportForATarget) {
  const std::string file = *folder / "m4.blob";
  const CommandResult r = run_intact({"export", run(), "--out", file, "--target", "cortex-m7", "--scratch",
                                      "4096", "--json", *folder / "m4.json"});
  ASSERT_EQ(r.exit_code, 0) << r.output;
  const json result = json_of("m4.json");
  EXPECT_EQ(result["target"], "cortex-m4");
  EXPECT_EQ(result["integers"], json_of("export.json")["integers"]);
  const CommandResult seen = run_intact({"inspect", file});
  ASSERT_EQ(seen.exit_code, 0) << seen.output;
  EXPECT_THAT(seen.output, HasSubstr("cortex-m4"));
}

// Layers in bands of rows: less arena, and each layer's integers as before on this machine and a core.
TEST_F(EndToEnd, ExportInStreams) {
  const std::string streamed = *folder / "streamed";
  std::filesystem::copy(run(), streamed, std::filesystem::copy_options::recursive);
  const CommandResult r = run_intact({"export", streamed, "--target", "cortex-m4", "--stream", "--scratch",
                                      "0", "--json", *folder / "streamed.json"});
  ASSERT_EQ(r.exit_code, 0) << r.output;
  const json result = json_of("streamed.json"), whole = json_of("export.json");
  EXPECT_EQ(result["stream"], true);
  EXPECT_EQ(whole["stream"], false);
  EXPECT_EQ(result["integers"], whole["integers"]);
  EXPECT_LT(result["arena_bytes"].get<int>(), whole["arena_bytes"].get<int>());
  EXPECT_THAT(run_intact({"inspect", streamed + "/model.blob"}).output, HasSubstr("run together"));
  const CommandResult compared = run_intact({"compare", streamed, "--core", "cortex-m4", "--core-samples",
                                             "12", "--json", *folder / "streamed_compare.json"});
  ASSERT_EQ(compared.exit_code, 0) << compared.output;
  const json comparison = json_of("streamed_compare.json");
  EXPECT_EQ(comparison["blob"], streamed + "/model.blob");
  for (const json& pair : comparison["pairs"]) {
    EXPECT_EQ(pair["tensors"], 5 * (pair["b"] == "cortex-m4" ? 12 : 60));
    EXPECT_EQ(pair["different"], 0);
  }
}

// The C source then names kernels of the runtime.
TEST_F(EndToEnd, ExportAsCWithKernels) {
  const CommandResult r = run_intact({"export", run(), "--out", *folder / "listed.blob", "--format", "c"});
  ASSERT_EQ(r.exit_code, 0) << r.output;
  EXPECT_THAT(bytes_of(*folder / "listed.c"), HasSubstr("= &intact_conv_"));
  EXPECT_THAT(bytes_of(*folder / "listed.h"), HasSubstr("_kernels;"));
  EXPECT_THAT(bytes_of(*folder / "run/model.c"), ::testing::Not(HasSubstr("intact_conv_")));
  EXPECT_EQ(bytes_of(*folder / "listed.blob"), bytes_of(blob()));
}

TEST_F(EndToEnd, ProfileAddsUp) {
  for (const char* core : {"cortex-m4", "rv32"}) {
    const CommandResult r =
        run_intact({"profile", run(), "--core", core, "--json", *folder / "profile.json"});
    ASSERT_EQ(r.exit_code, 0) << r.output;
    for (const char* word : {"stem", "classifier", "instructions", core})
      EXPECT_THAT(r.output, HasSubstr(word));
    const json profile = json_of("profile.json");
    ASSERT_EQ(profile["layers"].size(), 5U);
    std::int64_t instructions = 0, macs = 0;
    double share = 0;
    for (const json& layer : profile["layers"]) {
      instructions += layer["instructions"].get<std::int64_t>();
      macs += layer["macs"].get<std::int64_t>();
      share += layer["share"].get<double>();
      EXPECT_LE(layer["arena_bytes"].get<std::int64_t>(), profile["arena_bytes"].get<std::int64_t>());
      EXPECT_EQ(layer["modelled_cycles"].is_null(), std::string(core) != "cortex-m4");
      EXPECT_TRUE(layer["kernel"].is_string());
    }
    EXPECT_EQ(profile["instructions"], instructions);
    EXPECT_EQ(profile["macs"], macs);
    EXPECT_NEAR(share, 1, 1e-9);
  }
}

class OnCore : public EndToEnd, public ::testing::WithParamInterface<const char*> {};

TEST_P(OnCore, CompareFindsNoDifference) {
  const std::string core = GetParam();
  const CommandResult r = run_intact(
      {"compare", run(), "--core", core, "--core-samples", "12", "--json", *folder / "compare.json"});
  ASSERT_EQ(r.exit_code, 0) << r.output;
  const json result = json_of("compare.json");
  std::vector<std::string> names;
  for (const json& rung : result["rungs"]) {
    names.push_back(rung["name"]);
    EXPECT_EQ(rung["samples"], rung["name"] == core ? 12 : 60);
  }
  EXPECT_THAT(names, ::testing::ElementsAre("float", "quantized", "integer", "runtime", core));
  ASSERT_EQ(result["pairs"].size(), 6U);
  const std::int64_t per_sample =
      8 * 8 * 8 + 8 * 8 * 8 + 4 * 4 * 8 + 4 * 4 * 8 + 4;  // stem, mid, sign, xnor, classifier
  for (const json& pair : result["pairs"]) {
    const int samples = pair["b"] == core ? 12 : 60;
    EXPECT_EQ(pair["tensors"], 5 * samples);
    EXPECT_EQ(pair["values"], per_sample * samples);
    EXPECT_EQ(pair["different"], 0);
    EXPECT_TRUE(pair["first"].is_null());
  }
  EXPECT_GT(result["instructions"].get<std::int64_t>(), result["macs"].get<std::int64_t>() / 100);
  EXPECT_EQ(result["target"], core);
  EXPECT_EQ(result["blob"], run() + "/model-" + core + ".blob");
}
std::string core_name(const ::testing::TestParamInfo<const char*>& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Cores, OnCore, ::testing::Values("cortex-m4", "cortex-m55", "cortex-m0", "rv32"),
                         core_name);

TEST_F(EndToEnd, LimitTakesTheFirstSamples) {
  const CommandResult r = run_intact({"compare", run(), "--limit", "7", "--json", *folder / "limited.json"});
  ASSERT_EQ(r.exit_code, 0) << r.output;
  for (const json& rung : json_of("limited.json")["rungs"]) EXPECT_EQ(rung["samples"], 7);
}

// The run's float network, quantized without training: another run like any other, whatever the quantizers.
TEST_F(EndToEnd, CalibratedRunsAreExactToo) {
  const std::string out = *folder / "calibrated";
  const CommandResult calibrated =
      run_intact({"calibrate", run(), "--out", out, "--set", "calibrate.equalize=true", "--set",
                  "calibrate.adaround.iterations=20", "--json", *folder / "calibrate.json"});
  ASSERT_EQ(calibrated.exit_code, 0) << calibrated.output;
  const json result = json_of("calibrate.json");
  EXPECT_EQ(result["images"], 8 * 32);
  ASSERT_EQ(result["layers"].size(), 5U);
  const CommandResult compared = run_intact({"compare", out, "--json", *folder / "calibrated_compare.json"});
  ASSERT_EQ(compared.exit_code, 0) << compared.output;
  const json comparison = json_of("calibrated_compare.json");
  EXPECT_TRUE(comparison["equal"].get<bool>());
  EXPECT_EQ(comparison["integers"], result["integers"]);
  EXPECT_EQ(comparison["rungs"][0]["accuracy"], result["float_accuracy"]);
  EXPECT_EQ(comparison["rungs"][1]["accuracy"], result["quantized_accuracy"]);
}

TEST_F(EndToEnd, InspectNamesEveryLayer) {
  const CommandResult r = run_intact({"inspect", blob()});
  ASSERT_EQ(r.exit_code, 0) << r.output;
  for (const char* layer : {"stem", "mid", "sign", "xnor", "classifier"})
    EXPECT_THAT(r.output, HasSubstr(layer));
}

TEST_F(EndToEnd, RunTakesRawBytesAndNumpyAlike) {
  const std::string image =
      bytes_of(*folder / "data/t10k-images-idx3-ubyte").substr(16, 128);  // the first two
  std::ofstream(*folder / "two.raw", std::ios::binary) << image;
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 8, 8), }";
  header.resize(117, ' ');
  header += '\n';
  std::ofstream(*folder / "two.npy", std::ios::binary)
      << std::string("\x93NUMPY\x01\x00", 8) << static_cast<char>(118) << '\0' << header << image;
  const CommandResult raw =
      run_intact({"run", blob(), "--input", *folder / "two.raw", "--json", *folder / "raw.json"});
  const CommandResult npy =
      run_intact({"run", blob(), "--input", *folder / "two.npy", "--json", *folder / "npy.json"});
  ASSERT_EQ(raw.exit_code, 0) << raw.output;
  ASSERT_EQ(npy.exit_code, 0) << npy.output;
  EXPECT_EQ(raw.output, npy.output);
  ASSERT_EQ(json_of("raw.json")["results"].size(), 2U);
  EXPECT_EQ(json_of("raw.json")["results"][0]["logits"].size(), 4U);
}

// The promise of --resume: kill -9 at random moments, and the checkpoint ends in the very same bytes of
// weights and integers.
TEST_F(EndToEnd, KilledAndResumedItEndsInTheSameIntegers) {
  RandomStream random(20, {4});
  const std::string killed = *folder / "killed";
  int kills = 0;
  while (!run_intact_and_kill({"train", config(), "--out", killed, "--resume"},
                              400 + static_cast<int>(random.below(1800)))) {
    ASSERT_LT(++kills, 200);
  }
  ASSERT_EQ(run_intact({"export", killed, "--json", *folder / "killed.json"}).exit_code, 0);
  EXPECT_EQ(json_of("killed.json")["integers"], json_of("train.json")["integers"]);
  EXPECT_EQ(bytes_of(*folder / "killed/model.blob"), bytes_of(blob()));
  EXPECT_EQ(bytes_of(*folder / "killed/metrics.jsonl"), bytes_of(*folder / "run/metrics.jsonl"));
}

TEST_F(EndToEnd, AStaleBlobIsNotCompared) {
  const std::string other = *folder / "other";
  ASSERT_EQ(run_intact({"train", config(), "--out", other, "--set", "seed=9"}).exit_code, 0);
  std::filesystem::copy_file(blob(), other + "/model.blob");
  const CommandResult r = run_intact({"compare", other});
  EXPECT_EQ(r.exit_code, 3);
  EXPECT_THAT(r.output, HasSubstr("export it again"));
}

// With --json - standard output is JSON alone.
TEST_F(EndToEnd, JsonOnStandardOutputStandsAlone) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"inspect", blob(), "--json", "-"},
                                             {"compare", run(), "--limit", "3", "--json", "-"},
                                             {"train", run(), "--resume", "--json", "-"}}) {
    const CommandResult r = run_intact(arguments);
    EXPECT_EQ(r.exit_code, 0) << r.output;
    EXPECT_TRUE(json::accept(r.standard_output)) << r.standard_output;
  }
}

struct BadCommand {
  std::vector<std::string> arguments;
  int exit_code;
  std::string says;
};

TEST_F(EndToEnd, BadInputIsNamed) {
  std::ofstream(*folder / "unknown_key.yaml") << bytes_of(config()) << "sead: 3\n";
  std::ofstream(*folder / "short.raw") << "12345";
  std::string damaged = bytes_of(blob());
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  std::ofstream(*folder / "damaged.blob", std::ios::binary) << damaged;
  std::ofstream(*folder / "cut.blob", std::ios::binary) << damaged.substr(0, 100);
  const std::vector<BadCommand> all{
      {{}, 2, "subcommand"},
      {{"inspct"}, 2, "there is no verb 'inspct'; did you mean 'inspect'? valid: train"},
      {{"compare", "--limit", "-5", run()}, 2, "9223372036854775807"},
      {{"fly"}, 2, ""},
      {{"train"}, 2, "config"},
      {{"train", *folder / "none.yaml"}, 2, "none.yaml"},
      {{"train", *folder / "unknown_key.yaml"}, 2, "seed"},
      {{"train", config(), "--set", "train.batch_size=-1"}, 2, "batch_size"},
      {{"train", config(), "--out", run()}, 3, "--resume"},
      {{"train", config(), "--set", "data.path=/nonexistent", "--out", *folder / "nodata"},
       3,
       "/nonexistent"},
      {{"calibrate", *folder / "none.yaml"}, 2, "none.yaml"},
      {{"calibrate", config(), "--out", *folder / "nodata"}, 2, "train.init"},
      {{"calibrate", run(), "--out", run()}, 3, "holds a run already"},
      {{"export", *folder / "nothing"}, 3, "no checkpoint"},
      {{"export", run(), "--target", "z80"}, 2, "z80"},
      {{"export", run(), "--scratch", "-1"}, 2, "--scratch"},
      {{"export", run(), "--format", "pdf"}, 2, "pdf"},
      {{"profile", run(), "--core", "z80"}, 2, "z80"},
      {{"profile", *folder / "nothing"}, 3, "no checkpoint"},
      {{"compare", *folder / "nothing"}, 3, "no checkpoint"},
      {{"compare", run(), "--limit", "0"}, 2, "--limit"},
      {{"compare", run(), "--core", "z80"}, 2, "z80"},
      {{"inspect", *folder / "none.blob"}, 3, "none.blob"},
      {{"inspect", *folder / "damaged.blob"}, 3, "damaged.blob: blob refused"},
      {{"run", *folder / "cut.blob", "--input", *folder / "short.raw"}, 3, "cut.blob: blob refused"},
      {{"run", blob(), "--input", *folder / "short.raw"}, 3, "8x8x1"},
  };
  for (const BadCommand& bad : all) {
    const CommandResult r = run_intact(bad.arguments);
    EXPECT_EQ(r.exit_code, bad.exit_code) << r.output;
    EXPECT_THAT(r.output, HasSubstr(bad.says));
    EXPECT_FALSE(r.output.empty());
  }
  EXPECT_FALSE(std::filesystem::exists(*folder / "nodata"));  // what could not start left no log behind
}

// A table of features, the loss that gives them back, and every rung's error.
TEST(Reconstruction, CsvTrainExportCompare) {
  ScratchFolder folder;
  std::filesystem::create_directories(folder / "data");
  RandomStream random(5, {1});
  for (const auto& [split, rows] : {std::pair{"train", 320}, std::pair{"test", 40}}) {
    std::ofstream file(folder / "data" / (std::string(split) + ".csv"));
    for (int row = 0; row < rows; ++row) {
      const double a = random.uniform(), b = random.uniform();
      for (int i = 0; i < 12; ++i) file << 3 * a * (i % 3) - b * (i % 4) << ',';
      file << "0\n";
    }
  }
  std::ofstream(folder / "config.yaml")
      << "name: features\ndata: {kind: csv, path: " << (folder / "data").string()
      << ", mean: 0.5, std: 0.25}\n"
      << R"(
model:
  layers:
    - {name: code, type: linear, out: 16, batch_norm: true, activation: relu}
    - {name: out, type: linear, out: 12}
train:
  batch_size: 32
  loss: reconstruction
  optimizer: {kind: adam, lr: 0.02, weight_decay: 0}
  phases: [{kind: float, epochs: 6}, {kind: calibrate, batches: 4}, {kind: qat, epochs: 1}, {kind: frozen, batches: 8}]
)";
  const CommandResult trained = run_intact({"train", folder / "config.yaml", "--out", folder / "run"});
  ASSERT_EQ(trained.exit_code, 0) << trained.output;
  EXPECT_THAT(trained.output, ::testing::Not(HasSubstr("accuracy")));
  EXPECT_THAT(bytes_of(folder / "run/features.csv"), ::testing::StartsWith("feature,min,max\nfeature1,"));
  const CommandResult compared = run_intact({"compare", folder / "run", "--json", folder / "compare.json"});
  ASSERT_EQ(compared.exit_code, 0) << compared.output;
  const json result = json::parse(bytes_of(folder / "compare.json"));
  EXPECT_TRUE(result["equal"].get<bool>());
  ASSERT_EQ(result["rungs"].size(), 4U);
  const double error = result["rungs"][1]["mean_squared_error"];
  EXPECT_GT(error, 0);
  EXPECT_LT(error, 0.5);  // the inputs' own is about 1
  for (const std::size_t rung : {2U, 3U}) EXPECT_EQ(result["rungs"][rung]["mean_squared_error"], error);
}

}  // namespace
}  // namespace intact::test
