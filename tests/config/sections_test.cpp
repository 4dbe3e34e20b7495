// Top level, data, train and export: values, defaults, and faults at their place.
#include <gtest/gtest.h>

#include "config_text.h"

namespace intact::test {
namespace {

TEST(TopLevel, Defaults) {
  const ExperimentConfig config = parse(ConfigText{});
  EXPECT_EQ(config.name, "sample");
  EXPECT_EQ(config.seed, 1U);
  EXPECT_EQ(config.threads, 0);
  EXPECT_EQ(config.export_, ExportConfig{});
  EXPECT_EQ(config.source, "test.yaml");
}

TEST(TopLevel, Values) {
  ConfigText text;
  text.top =
      "name: run-1.b_2\nseed: 18446744073709551615\nthreads: 3\nexport: {golden_vectors: 64, names: false}\n";
  const ExperimentConfig config = parse(text);
  EXPECT_EQ(config.name, "run-1.b_2");
  EXPECT_EQ(config.seed, 18446744073709551615ULL);
  EXPECT_EQ(config.threads, 3);
  EXPECT_EQ(config.export_.golden_vectors, 64);
  EXPECT_FALSE(config.export_.names);
}

TEST(TopLevel, MissingKeys) {
  expect_fault("^seed: 1\n", "the config lacks the key 'name'");
  expect_fault("^name: a\n", "the config lacks the key 'data'");
  expect_fault("^name: a\ndata: {path: /d}\n", "the config lacks the key 'model'");
  expect_fault("^name: a\ndata: {path: /d}\nmodel: {zoo: lenet5}\n", "the config lacks the key 'train'");
}

TEST(TopLevel, UnknownKeys) {
  ConfigText text;
  text.top = "name: a\n^sede: 3\n";
  expect_fault(text,
               "unknown key 'sede' in the config (did you mean 'seed'? valid: name, seed, threads, data,");
  text.top = "name: a\n^dat: {}\n";
  expect_fault(text, "did you mean 'data'?");
  text.top = "name: a\n^zzzzzzzzzz: {}\n";
  expect_fault(text, "unknown key 'zzzzzzzzzz' in the config (valid: name,");
}

TEST(TopLevel, Names) {
  for (const char* name : {"a/b", "..", "-a", ".hidden", "a b", "\xc3\xa4"}) {
    ConfigText text;
    text.top = std::string("name: ^\"") + name + "\"\n";
    expect_fault(text, "it names the run's folder");
  }
  ConfigText text;
  text.top = "name: ^" + std::string(101, 'a') + "\n";
  expect_fault(text, "'name' must have 1 to 100 characters");
  text.top = "name: ^\"\"\n";
  expect_fault(text, "'name' must have 1 to 4096 characters");
  text.top = "name: ^[a]\n";
  expect_fault(text, "'name' must be a text, not a list");
  text.top = "name: ^\"a\\nb\"\n";
  expect_fault(text, "must not hold control characters");
}

TEST(TopLevel, Numbers) {
  const char* const expected = "'seed' must be an integer from 0 to 18446744073709551615, not ";
  for (const char* value : {"-1", "18446744073709551616", "1.0", "1e3", "0x10", "\"1\"", "abc", "+1", "{}",
                            "[1]", "1 2", "yes"}) {
    ConfigText text;
    text.top = std::string("name: a\nseed: ^") + value + "\n";
    expect_fault(text, expected);
  }
  ConfigText text;
  text.top = "name: a\nthreads: ^1025\n";
  expect_fault(text, "'threads' must be an integer from 0 to 1024, not '1025'");
  text.top = "name: a\nthreads: ^99999999999999999999\n";
  expect_fault(text, "'threads' must be an integer from 0 to 1024, not '99999999999999999999'");
}

TEST(TopLevel, NothingBehindAKey) {
  ConfigText text;
  text.top = "name: a\nexport: ^~\n";
  expect_fault(text, "'export' must be a map of keys and values, not nothing");
}

TEST(Data, Values) {
  const DataConfig data =
      parse(with_data("  kind: idx\n  path: /d\n  mean: 0.2860\n  std: 3.53e-1\n  limit_train: 100\n"
                      "  limit_test: 50\n  augment: {flip: true, shift: 2}\n"))
          .data;
  EXPECT_EQ(data.path, "/d");
  EXPECT_EQ(data.mean, 0.286);
  EXPECT_EQ(data.std, 0.353);
  EXPECT_EQ(data.limit_train, 100);
  EXPECT_EQ(data.limit_test, 50);
  EXPECT_TRUE(data.augment.flip);
  EXPECT_EQ(data.augment.shift, 2);
}

TEST(Data, Faults) {
  expect_fault(with_data("  ^mean: 0.5\n"), "data of the kind idx lacks the key 'path'");
  expect_fault(
      with_data("  {path: /d, kind: ^idxx}\n"),
      "'kind' must be one of idx, cifar10, npy, image_folder, csv, not 'idxx' (did you mean 'idx'?)");
  expect_fault(with_data("  {path: /d, mean: ^-0.1}\n"), "'mean' must be a number from 0 to 1, not '-0.1'");
  expect_fault(with_data("  {path: /d, mean: ^nan}\n"), "'mean' must be a number from 0 to 1, not 'nan'");
  expect_fault(with_data("  {path: /d, std: ^0}\n"), "'std' must be a number above 0, at most 1000, not '0'");
  expect_fault(with_data("  {path: /d, std: ^inf}\n"), "'std' must be a number above 0");
  expect_fault(with_data("  {path: /d, std: ^1e999}\n"), "'std' must be a number above 0");
  expect_fault(with_data("  {path: /d, limit_train: ^0}\n"),
               "'limit_train' must be an integer from 1 to 16777216");
  expect_fault(with_data("  {path: /d, augment: {flip: ^yes}}\n"), "'flip' must be true or false, not 'yes'");
  expect_fault(with_data("  {path: /d, augment: {flip: ^\"true\"}}\n"),
               "'flip' must be true or false, not the text 'true'");
  expect_fault(with_data("  {path: /d, augment: {^flp: true}}\n"),
               "unknown key 'flp' in data.augment (did you mean 'flip'?");
}

TEST(Data, ImageFolder) {
  const DataConfig data =
      parse(with_data("  {kind: image_folder, path: /d, height: 48, width: 64, channels: 1}\n")).data;
  EXPECT_EQ(data.kind, DataKind::kImageFolder);
  EXPECT_EQ(data.height, 48);
  EXPECT_EQ(data.width, 64);
  EXPECT_EQ(data.channels, 1);
  EXPECT_EQ(parse(with_data("  {kind: image_folder, path: /d, height: 8, width: 8}\n")).data.channels, 3);
  expect_fault(with_data("  ^{kind: image_folder, path: /d, width: 8}\n"),
               "data of the kind image_folder lacks the key 'height'");
  expect_fault(with_data("  {kind: image_folder, path: /d, height: 8, width: 8, channels: ^2}\n"),
               "1 (grey) or 3 (red, green, blue)");
  expect_fault(with_data("  {kind: image_folder, path: /d, height: ^4097, width: 8}\n"),
               "'height' must be an integer from 1 to 4096");
  expect_fault(with_data("  {kind: npy, path: /d, ^height: 8}\n"),
               "unknown key 'height' in data of the kind npy");
  expect_fault(with_data("  {kind: image_folder, path: /d, height: 8, width: 8, ^header: true}\n"),
               "unknown key 'header' in data of the kind image_folder");
}

TEST(Data, Csv) {
  const DataConfig plain = parse(with_data("  {kind: csv, path: /d}\n")).data;
  EXPECT_EQ(plain.csv, CsvConfig{});
  EXPECT_EQ(plain.csv.label, LabelColumn::kLast);
  EXPECT_FALSE(plain.height || plain.width || plain.channels);
  const DataConfig data =
      parse(with_data("  {kind: csv, path: /d, label: first, header: true, range: global, height: 49, "
                      "width: 10, channels: 1}\n"))
          .data;
  EXPECT_EQ(data.csv, (CsvConfig{LabelColumn::kFirst, true, FeatureRange::kGlobal}));
  EXPECT_EQ(data.height, 49);
  EXPECT_EQ(data.width, 10);
  EXPECT_EQ(data.channels, 1);
  expect_fault(with_data("  ^{kind: csv, path: /d, height: 8, width: 8}\n"),
               "data of the kind csv lacks the key 'channels'");
  expect_fault(with_data("  {kind: csv, path: /d, label: ^frist}\n"),
               "'label' must be one of first, last, not 'frist' (did you mean 'first'?)");
}

TEST(Train, Loss) {
  EXPECT_EQ(parse(ConfigText{}).train.loss, LossKind::kCrossEntropy);
  EXPECT_EQ(parse(with_train("  phases: [{kind: qat}]\n  loss: reconstruction\n")).train.loss,
            LossKind::kReconstruction);
  expect_fault(with_train("  phases: [{kind: qat}]\n  loss: reconstruction\n  label_smoothing: ^0.1\n"),
               "'label_smoothing' goes with the loss cross_entropy only");
}

TEST(Train, Distillation) {
  const std::string phases = "  phases: [{kind: qat}]\n";
  const TrainConfig train =
      parse(with_train(phases + "  distill: {weight: 0.5, temperature: 2}\n  backward: split_bf16\n")).train;
  EXPECT_EQ(train.distill.weight, 0.5);
  EXPECT_EQ(train.distill.temperature, 2);
  EXPECT_EQ(train.backward, BackwardPrecision::kSplitBf16);
  expect_fault(with_train(phases + "  float_reference: false\n  distill: ^{weight: 0.5}\n"),
               "distillation needs a float network for a teacher");
  EXPECT_FALSE(parse(with_train("  phases: [{kind: float}, {kind: qat}]\n  float_reference: false\n"
                                "  distill: {weight: 0.5}\n"))
                   .train.float_reference);
  expect_fault(with_train(phases + "  loss: reconstruction\n  distill: ^{weight: 0.5}\n"),
               "distillation goes with the loss cross_entropy only");
  expect_fault(with_train(phases + "  distill: {weight: ^1.5}\n"), "'weight' must be a number from 0 to 1");
  expect_fault(with_train(phases + "  distill: {temperature: ^0}\n"), "'temperature' must be a number");
}

TEST(Train, Values) {
  const TrainConfig train =
      parse(with_train(
                "  batch_size: 64\n"
                "  optimizer: {kind: adamw, lr: 0.001, beta1: 0.8, beta2: 0.99, eps: 1e-7, weight_decay: "
                "0.01,\n"
                "              momentum: 0.5, nesterov: false, quantizer_lr_factor: 0.5}\n"
                "  float_reference: false\n  label_smoothing: 0.1\n  checkpoint_steps: 10\n"
                "  phases:\n"
                "    - {kind: float, epochs: 2, lr: 0.2, schedule: {kind: step, step_epochs: 3, step_factor: "
                "0.3}}\n"
                "    - {kind: calibrate, batches: 7}\n"
                "    - {kind: qat, epochs: 3, schedule: {kind: cosine, warmup: 0.25, final_factor: 0.01}}\n"
                "    - {kind: frozen, epochs: 4, batches: 9, lr: 1e-5, schedule: {kind: constant}}\n"))
          .train;
  EXPECT_EQ(train.batch_size, 64);
  EXPECT_EQ(train.optimizer.kind, OptimizerKind::kAdamW);
  EXPECT_EQ(train.optimizer.lr, 0.001);
  EXPECT_EQ(train.optimizer.beta1, 0.8);
  EXPECT_EQ(train.optimizer.beta2, 0.99);
  EXPECT_EQ(train.optimizer.eps, 1e-7);
  EXPECT_EQ(train.optimizer.weight_decay, 0.01);
  EXPECT_EQ(train.optimizer.momentum, 0.5);
  EXPECT_FALSE(train.optimizer.nesterov);
  EXPECT_EQ(train.optimizer.quantizer_lr_factor, 0.5);
  EXPECT_FALSE(train.float_reference);
  EXPECT_EQ(train.label_smoothing, 0.1);
  EXPECT_EQ(train.checkpoint_steps, 10);
  ASSERT_EQ(train.phases.size(), 4U);
  EXPECT_EQ(train.phases[0].kind, PhaseKind::kFloat);
  EXPECT_EQ(train.phases[0].epochs, 2);
  EXPECT_EQ(train.phases[0].lr, 0.2);
  EXPECT_EQ(train.phases[0].schedule.kind, ScheduleKind::kStep);
  EXPECT_EQ(train.phases[0].schedule.step_epochs, 3);
  EXPECT_EQ(train.phases[0].schedule.step_factor, 0.3);
  EXPECT_EQ(train.phases[1].kind, PhaseKind::kCalibrate);
  EXPECT_EQ(train.phases[1].batches, 7);
  EXPECT_EQ(train.phases[2].lr, std::nullopt);
  EXPECT_EQ(train.phases[2].schedule.warmup, 0.25);
  EXPECT_EQ(train.phases[2].schedule.final_factor, 0.01);
  EXPECT_EQ(train.phases[3].kind, PhaseKind::kFrozen);
  EXPECT_EQ(train.phases[3].batches, 9);
}

TEST(Train, BitsFallFromPhaseToPhase) {
  const auto phases = [](const std::string& list) { return "  phases: [" + list + "]\n"; };
  const TrainConfig train =
      parse(with_train(phases("{kind: qat, bits: 8}, {kind: qat, bits: 4}, {kind: qat}, {kind: frozen}")))
          .train;
  EXPECT_EQ(train.phases[0].bits, 8);
  EXPECT_EQ(train.phases[1].bits, 4);
  EXPECT_EQ(train.phases[2].bits, 0);
  expect_fault(with_train(phases("{kind: qat, bits: 4}, ^{kind: qat, bits: 4}, {kind: qat}")),
               "behind one with bits: 4");
  expect_fault(with_train(phases("{kind: qat}, ^{kind: qat, bits: 4}")),
               "behind one with the network's own bits");
  expect_fault(with_train(phases("{kind: qat, bits: 8}, ^{kind: qat, bits: 4}, {kind: frozen}")),
               "the last qat phase has 'bits'");
  expect_fault(with_train(phases("{kind: qat, bits: ^9}")), "'bits' must be an integer from 2 to 8");
  expect_fault(with_train(phases("{kind: float, ^bits: 8}, {kind: qat}")), "bits");
  expect_fault(with_train(phases("{kind: qat, bits: 8}, {kind: qat, epochs: 2}") + "  average_epochs: ^3\n"),
               "'average_epochs' reaches into phases with 'bits'");
}

TEST(Train, Faults) {
  const std::string phases = "  phases: [{kind: qat}]\n";
  expect_fault(with_train("  ^batch_size: 3\n"), "train lacks the key 'phases'");
  expect_fault(with_train(phases + "  batch_size: ^0\n"),
               "'batch_size' must be an integer from 1 to 65536, not '0'");
  expect_fault(with_train(phases + "  label_smoothing: ^1\n"),
               "'label_smoothing' must be a number from 0 to 0.9");
  expect_fault(with_train(phases + "  ^optimiser: {}\n"), "did you mean 'optimizer'?");
  expect_fault(with_train(phases + "  optimizer: {kind: ^adamm}\n"),
               "one of sgd, adam, adamw, not 'adamm' (did you mean 'adam'?)");
  expect_fault(with_train(phases + "  optimizer: {lr: ^0}\n"),
               "'lr' must be a number above 0, at most 100, not '0'");
  expect_fault(with_train(phases + "  optimizer: {momentum: ^0}\n"), "nesterov needs a momentum above 0");
  expect_fault(with_train("  phases: ^3\n"), "'phases' must be a list, not '3'");
}

TEST(Train, PhaseFaults) {
  expect_fault(with_train("  phases: [{kind: qat}, ^{kind: float}]\n"),
               "a float phase cannot follow a qat phase");
  expect_fault(with_train("  phases: [{kind: qat}, ^{kind: calibrate}]\n"),
               "a calibrate phase cannot follow a qat phase");
  expect_fault(with_train("  phases: [{kind: frozen}, ^{kind: qat}]\n"),
               "a qat phase cannot follow a frozen phase");
  expect_fault(with_train("  phases: [{kind: frozen}, ^{kind: frozen}]\n"), "a second frozen phase");
  expect_fault(with_train("  phases: ^[{kind: float}]\n"),
               "phases must end in a calibrate, qat or frozen phase");
  expect_fault(with_train("  phases: ^[]\n"), "phases must end in a calibrate, qat or frozen phase");
  expect_fault(with_train("  phases: [^{epochs: 3}]\n"), "a phase lacks the key 'kind'");
  expect_fault(with_train("  phases: [{kind: ^qta}]\n"),
               "'kind' must be one of float, calibrate, qat, frozen, not 'qta'");
  expect_fault(with_train("  phases: [{kind: calibrate, ^epochs: 3}]\n"),
               "unknown key 'epochs' in a calibrate phase");
  expect_fault(with_train("  phases: [{kind: qat, ^batches: 3}]\n"), "unknown key 'batches' in a qat phase");
  expect_fault(with_train("  phases: [{kind: qat, epochs: ^0}]\n"),
               "'epochs' must be an integer from 1 to 100000");
  expect_fault(with_train("  phases: [{kind: qat, schedule: {warmup: ^1.5}}]\n"),
               "'warmup' must be a number from 0 to 1");
  expect_fault(with_train("  phases: [{kind: qat, schedule: {kind: ^cosin}}]\n"), "did you mean 'cosine'?");
  expect_fault(with_train("  phases: [^qat]\n"), "'a phase' must be a map of keys and values, not 'qat'");
}

TEST(Train, SeveralPhasesOfAKind) {
  const auto phases =
      parse(with_train("  phases: [{kind: float}, {kind: float}, {kind: calibrate}, {kind: calibrate}]\n"))
          .train.phases;
  EXPECT_EQ(phases.size(), 4U);
}

TEST(Export, Faults) {
  ConfigText text;
  text.top = "name: a\nexport: {golden_vectors: ^3}\n";
  expect_fault(text, "'golden_vectors' must be an integer from 4 to 64, not '3'");
  text.top = "name: a\nexport: {golden_vectors: ^65}\n";
  expect_fault(text, "'golden_vectors' must be an integer from 4 to 64, not '65'");
}

}  // namespace
}  // namespace intact::test
