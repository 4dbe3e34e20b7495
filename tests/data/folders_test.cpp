// CIFAR-10's binary version and folders of NumPy arrays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/dataset.h"
#include "idx_files.h"

namespace intact::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FoldersTest : public testing::Test {
 protected:
  DataSplits load(DataKind kind) {
    DataConfig config;
    config.kind = kind;
    config.path = folder_.path().string();
    return load_data(config);
  }
  std::string error(DataKind kind) {
    return data_error([&] { load(kind); });
  }

  // Planes of 1,024 bytes: red, green and blue are `first`, `first` + 1, `first` + 2, but for the last pixel.
  static Bytes record(std::uint8_t label, std::uint8_t first) {
    Bytes bytes{label};
    for (std::uint8_t colour = 0; colour < 3; ++colour) {
      bytes.insert(bytes.end(), 1023, static_cast<std::uint8_t>(first + colour));
      bytes.push_back(static_cast<std::uint8_t>(200 + colour));
    }
    return bytes;
  }
  void write_cifar() {
    for (std::uint8_t batch = 1; batch <= 5; ++batch)
      write_file(folder_ / ("data_batch_" + std::to_string(batch) + ".bin"), record(batch, 10 * batch));
    Bytes test = record(9, 100);
    const Bytes second = record(0, 150);
    test.insert(test.end(), second.begin(), second.end());
    write_file(folder_ / "test_batch.bin", test);
  }

  static Bytes npy(const std::string& shape, const Bytes& data, const std::string& type = "|u1") {
    std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    header.append(64 - (10 + header.size() + 1) % 64, ' ');
    header.push_back('\n');
    Bytes bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    bytes.push_back(static_cast<std::uint8_t>(header.size() & 0xff));
    bytes.push_back(static_cast<std::uint8_t>(header.size() >> 8));
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
  }
  void write_npy() {
    write_file(folder_ / "train-images.npy", npy("(2, 1, 2, 3)", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
    write_file(folder_ / "train-labels.npy", npy("(2,)", {3, 0}));
    write_file(folder_ / "test-images.npy", npy("(1, 1, 2, 3)", {21, 22, 23, 24, 25, 26}));
    write_file(folder_ / "test-labels.npy", npy("(1,)", {1}));
  }

  TempFolder folder_;
};

TEST_F(FoldersTest, CifarPixelsAreInterleaved) {
  write_cifar();
  const DataSplits splits = load(DataKind::kCifar10);
  EXPECT_EQ(splits.train.size(), 5U);
  EXPECT_EQ(splits.test.size(), 2U);
  EXPECT_EQ(splits.train.height, 32);
  EXPECT_EQ(splits.train.width, 32);
  EXPECT_EQ(splits.train.channels, 3);
  EXPECT_EQ(splits.train.classes, 10);
  EXPECT_THAT(splits.train.labels, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(splits.test.labels, ElementsAre(9, 0));
  const auto image = splits.train.image(1);
  EXPECT_THAT(image.first(6), ElementsAre(20, 21, 22, 20, 21, 22));
  EXPECT_THAT(image.last(3), ElementsAre(200, 201, 202));
}

TEST_F(FoldersTest, CifarFilesMayBeZipped) {
  write_cifar();
  std::filesystem::remove(folder_ / "data_batch_3.bin");
  write_file(folder_ / "data_batch_3.bin.gz", gzip(record(7, 1)));
  EXPECT_THAT(load(DataKind::kCifar10).train.labels, ElementsAre(1, 2, 7, 4, 5));
}

TEST_F(FoldersTest, CifarFaults) {
  write_cifar();
  std::filesystem::remove(folder_ / "data_batch_4.bin");
  EXPECT_THAT(error(DataKind::kCifar10), HasSubstr("has no file data_batch_4.bin"));
  Bytes cut = record(4, 1);
  cut.pop_back();
  write_file(folder_ / "data_batch_4.bin", cut);
  EXPECT_THAT(error(DataKind::kCifar10), HasSubstr("3072 bytes long, not records of 3073"));
  write_file(folder_ / "data_batch_4.bin", {});
  EXPECT_THAT(error(DataKind::kCifar10), HasSubstr("0 bytes long"));
  write_file(folder_ / "data_batch_4.bin", record(10, 1));
  EXPECT_THAT(error(DataKind::kCifar10), HasSubstr("record 0 has the label 10"));
}

TEST_F(FoldersTest, NumpyArrays) {
  write_npy();
  const DataSplits splits = load(DataKind::kNpy);
  EXPECT_EQ(splits.train.channels, 3);
  EXPECT_EQ(splits.train.width, 2);
  EXPECT_EQ(splits.train.classes, 4);
  EXPECT_THAT(splits.train.image(1), ElementsAre(7, 8, 9, 10, 11, 12));
  EXPECT_THAT(splits.train.labels, ElementsAre(3, 0));
  EXPECT_THAT(splits.test.labels, ElementsAre(1));
}

TEST_F(FoldersTest, NumpyWithoutChannels) {
  write_npy();
  write_file(folder_ / "train-images.npy", npy("(2, 2, 1)", {1, 2, 3, 4}));
  write_file(folder_ / "test-images.npy", npy("(1, 2, 1)", {5, 6}));
  const DataSplits splits = load(DataKind::kNpy);
  EXPECT_EQ(splits.train.height, 2);
  EXPECT_EQ(splits.train.channels, 1);
}

TEST_F(FoldersTest, NumpyFaults) {
  write_npy();
  write_file(folder_ / "train-labels.npy", npy("(3,)", {1, 2, 3}));
  EXPECT_THAT(error(DataKind::kNpy), HasSubstr("holds 3 labels"));
  write_file(folder_ / "train-labels.npy", npy("(2, 1)", {1, 2}));
  EXPECT_THAT(error(DataKind::kNpy), HasSubstr("labels have 1"));
  write_file(folder_ / "train-labels.npy", npy("(2,)", Bytes(16, 0), "<i8"));
  EXPECT_THAT(error(DataKind::kNpy), HasSubstr("train-labels.npy"));
  write_npy();
  write_file(folder_ / "test-images.npy", npy("(1, 2, 1, 3)", {1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(error(DataKind::kNpy), HasSubstr("training images are 1x2x3, test images 2x1x3"));
  std::filesystem::remove(folder_ / "test-labels.npy");
  EXPECT_THAT(error(DataKind::kNpy), HasSubstr("has no file test-labels.npy"));
}

}  // namespace
}  // namespace intact::test
