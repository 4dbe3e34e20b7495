// Folders of IDX files: names, limits, and faults between files.
#include "data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idx_files.h"

namespace intact::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class DatasetFolder : public testing::Test {
 protected:
  // Three training samples and two test samples of 1x2 pixels.
  void write_all(const std::string& images = "-images-idx3-ubyte",
                 const std::string& labels = "-labels-idx1-ubyte", bool zip = false) {
    const auto write = [&](const std::string& name, const Bytes& bytes) {
      write_file(folder_ / name, zip ? gzip(bytes) : bytes);
    };
    write("train" + images, idx(8, {3, 1, 2}, {10, 11, 20, 21, 30, 31}));
    write("train" + labels, idx(8, {3}, {0, 1, 2}));
    write("t10k" + images, idx(8, {2, 1, 2}, {40, 41, 50, 51}));
    write("t10k" + labels, idx(8, {2}, {4, 0}));
  }

  DataSplits load(std::optional<int> limit_train = {}, std::optional<int> limit_test = {}) {
    DataConfig config;
    config.path = folder_.path().string();
    config.limit_train = limit_train;
    config.limit_test = limit_test;
    return load_data(config);
  }

  TempFolder folder_;
};

TEST_F(DatasetFolder, Loads) {
  write_all();
  const DataSplits splits = load();
  EXPECT_EQ(splits.train.size(), 3U);
  EXPECT_EQ(splits.test.size(), 2U);
  EXPECT_EQ(splits.train.height, 1);
  EXPECT_EQ(splits.train.width, 2);
  EXPECT_EQ(splits.train.channels, 1);
  EXPECT_EQ(splits.train.classes, 5);  // the largest label of either split is 4
  EXPECT_EQ(splits.test.classes, 5);
  EXPECT_THAT(splits.train.image(1), testing::ElementsAre(20, 21));
  EXPECT_THAT(splits.test.labels, testing::ElementsAre(4, 0));
}

TEST_F(DatasetFolder, AcceptsTheUsualNames) {
  const struct {
    const char *images, *labels;
    bool zip;
  } names[] = {{"-images-idx3-ubyte.gz", "-labels-idx1-ubyte.gz", true},
               {"-images.idx3-ubyte", "-labels.idx1-ubyte", false},
               {"-images.idx3-ubyte.gz", "-labels.idx1-ubyte.gz", true},
               {"-images-idx3-ubyte", "-labels-idx1-ubyte.gz", true}};
  for (const auto& name : names) {
    SCOPED_TRACE(name.images);
    fs::remove_all(folder_.path());
    fs::create_directories(folder_.path());
    write_all(name.images, name.labels, name.zip);
    EXPECT_EQ(load().train.images, (Bytes{10, 11, 20, 21, 30, 31}));
  }
}

TEST_F(DatasetFolder, Limits) {
  write_all();
  const DataSplits splits = load(2, 1);
  EXPECT_EQ(splits.train.images, (Bytes{10, 11, 20, 21}));
  EXPECT_EQ(splits.train.labels, (Bytes{0, 1}));
  EXPECT_EQ(splits.test.size(), 1U);
  EXPECT_EQ(splits.train.classes, 5);  // of the whole set
  EXPECT_EQ(load(1000, 2).train.size(), 3U);
}

TEST_F(DatasetFolder, Missing) {
  DataConfig config;
  config.path = (folder_ / "none").string();
  const std::string message = data_error([&] { load_data(config); });
  EXPECT_THAT(message, HasSubstr(config.path + ": no such folder"));
  EXPECT_THAT(message, HasSubstr("dataset-fashion-mnist"));
  EXPECT_THAT(data_error([&] { load(); }), HasSubstr("has no file train-images-idx3-ubyte[.gz]"));
  write_file(folder_ / "file", {1});
  config.path = (folder_ / "file").string();
  EXPECT_THAT(data_error([&] { load_data(config); }), HasSubstr("is not a folder"));
}

TEST_F(DatasetFolder, EachFileIsNeeded) {
  for (const char* name :
       {"train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"}) {
    write_all();
    fs::remove(folder_ / (std::string(name) + "-ubyte"));
    EXPECT_THAT(data_error([&] { load(); }), HasSubstr(std::string("has no file ") + name + "-ubyte[.gz]"));
  }
}

TEST_F(DatasetFolder, LengthMismatch) {
  write_all();
  write_file(folder_ / "t10k-labels-idx1-ubyte", idx(8, {3}, {1, 2, 3}));
  const std::string message = data_error([&] { load(); });
  EXPECT_THAT(message, HasSubstr("t10k-labels-idx1-ubyte: holds 3 labels, but "));
  EXPECT_THAT(message, HasSubstr("t10k-images-idx3-ubyte holds 2 images"));
}

TEST_F(DatasetFolder, SwappedFiles) {
  write_all();
  fs::rename(folder_ / "train-labels-idx1-ubyte", folder_ / "swap");
  fs::rename(folder_ / "train-images-idx3-ubyte", folder_ / "train-labels-idx1-ubyte");
  fs::rename(folder_ / "swap", folder_ / "train-images-idx3-ubyte");
  EXPECT_THAT(
      data_error([&] { load(); }),
      HasSubstr("train-images-idx3-ubyte: labels file where images are expected; are the two swapped?"));
}

TEST_F(DatasetFolder, SplitsMustAgree) {
  write_all();
  write_file(folder_ / "t10k-images-idx3-ubyte", idx(8, {2, 2, 1}, {1, 2, 3, 4}));
  EXPECT_THAT(data_error([&] { load(); }), HasSubstr("training images are 1x2x1, test images 2x1x1"));
}

}  // namespace
}  // namespace intact::test
