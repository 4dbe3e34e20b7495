// What stands at the config's path.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config_text.h"

namespace intact::test {
namespace {

namespace fs = std::filesystem;

class ConfigFile : public testing::Test {
 protected:
  ConfigFile() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("intact_config_") + info->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ConfigFile() override { fs::remove_all(folder_); }

  void expect_error(const fs::path& file, const std::string& message) {
    try {
      load_config(file);
      ADD_FAILURE() << "no fault found";
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.what(), file.string() + ": " + message);
      EXPECT_EQ(error.line(), 0);
      EXPECT_EQ(error.exit_code(), 2);
    }
  }

  fs::path folder_;
};

TEST_F(ConfigFile, Missing) {
  expect_error(folder_ / "none.yaml", "no such file");
}

TEST_F(ConfigFile, IsAFolder) {
  expect_error(folder_, "is not a regular file");
}

TEST_F(ConfigFile, IsADevice) {
  expect_error("/dev/zero", "is not a regular file");
}

TEST_F(ConfigFile, InsideAFile) {
  std::ofstream(folder_ / "plain") << "x";
  expect_error(folder_ / "plain" / "a.yaml", "no such file");
}

TEST_F(ConfigFile, TooLargeIsRefusedBeforeReading) {
  const fs::path file = folder_ / "large.yaml";
  std::ofstream(file) << "name: a\n";
  fs::resize_file(file, std::uintmax_t{1} << 36);  // sparse: reading it would need 64 GiB
  expect_error(file, "is larger than 1048576 bytes (a config has a few kilobytes)");
}

TEST_F(ConfigFile, Reads) {
  const fs::path file = folder_ / "a.yaml";
  std::ofstream(file) << ConfigText{}.str();
  const ExperimentConfig config = load_config(file, {"seed=7"});
  EXPECT_EQ(config.seed, 7U);
  EXPECT_EQ(config.source, file.string());
}

}  // namespace
}  // namespace intact::test
