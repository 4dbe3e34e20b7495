// The IDX reader: handwritten files, and every way in which one can be faulty.
#include "data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idx_files.h"

namespace intact::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Idx : public testing::Test {
 protected:
  std::string image_error(const Bytes& bytes) {
    write_file(file_, bytes);
    const std::string message = data_error([&] { read_idx_images(file_); });
    EXPECT_THAT(message, StartsWith(file_.string() + ": "));
    return message;
  }
  std::string label_error(const Bytes& bytes) {
    write_file(file_, bytes);
    return data_error([&] { read_idx_labels(file_); });
  }

  TempFolder folder_;
  std::filesystem::path file_ = folder_ / "file";
};

// Two images of 2 rows and 3 columns, byte by byte.
const Bytes kImages{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255};
const Bytes kLabels{0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9};

TEST_F(Idx, ReadsImages) {
  for (const Bytes& bytes : {kImages, gzip(kImages)}) {
    write_file(file_, bytes);
    const IdxImages images = read_idx_images(file_);
    EXPECT_EQ(images.height, 2);
    EXPECT_EQ(images.width, 3);
    EXPECT_EQ(images.channels, 1);
    EXPECT_EQ(images.size(), 2U);
    EXPECT_EQ(images.bytes, (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255}));
  }
}

TEST_F(Idx, ReadsImagesWithChannels) {
  write_file(file_, idx(8, {1, 2, 1, 3}, {1, 2, 3, 4, 5, 6}));
  const IdxImages images = read_idx_images(file_);
  EXPECT_EQ(images.channels, 3);
  EXPECT_EQ(images.width, 1);
  EXPECT_EQ(images.size(), 1U);
}

TEST_F(Idx, ReadsLabels) {
  for (const Bytes& bytes : {kLabels, gzip(kLabels)}) {
    write_file(file_, bytes);
    EXPECT_EQ(read_idx_labels(file_), (Bytes{7, 0, 9}));
  }
}

TEST_F(Idx, EveryTruncationIsNamed) {
  for (std::size_t length = 0; length < kImages.size(); ++length) {
    const std::string message =
        image_error(Bytes(kImages.begin(), kImages.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_THAT(message, HasSubstr(length == 0 ? "the file is empty" : "truncated")) << length;
  }
  EXPECT_THAT(image_error(Bytes(kImages.begin(), kImages.end() - 1)),
              HasSubstr("truncated: the header promises 12 bytes, the file has 11"));
}

TEST_F(Idx, EveryTruncationOfGzipIsNamed) {
  const Bytes whole = gzip(kImages);
  for (std::size_t length = 2; length < whole.size(); ++length) {  // below 2 bytes it is no gzip
    const std::string message =
        image_error(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_THAT(message, testing::AnyOf(HasSubstr("truncated"), HasSubstr("the file is empty"),
                                        HasSubstr("cannot be read")))
        << length;
  }
}

TEST_F(Idx, DamagedGzip) {
  Bytes bytes = gzip(kImages);
  bytes[bytes.size() - 5] ^= 1;  // in the checksum
  EXPECT_THAT(image_error(bytes), HasSubstr("incorrect data check"));
}

TEST_F(Idx, TrailingBytes) {
  Bytes bytes = kImages;
  bytes.push_back(0);
  EXPECT_THAT(image_error(bytes), HasSubstr("trailing bytes behind the 12 that the header promises"));
  EXPECT_THAT(image_error(gzip(bytes)), HasSubstr("trailing bytes"));
}

// 64 MiB of zeros in 64 KiB of gzip, behind a header that promises 12 bytes: refused after reading those.
TEST_F(Idx, DecompressionBomb) {
  Bytes bytes = idx(8, {2, 2, 3}, Bytes(std::size_t{1} << 26, 0));
  EXPECT_THAT(image_error(gzip(bytes)), HasSubstr("trailing bytes"));
}

// The header promises 4 GiB; the file has none of it, and none of it is allocated.
TEST_F(Idx, HeaderThatPromisesTooMuch) {
  EXPECT_THAT(image_error(idx(8, {1U << 20, 64, 64}, {1, 2, 3})),
              HasSubstr("truncated: the header promises 4294967296 bytes, the file has 3"));
}

TEST_F(Idx, Swapped) {
  EXPECT_THAT(image_error(kLabels), HasSubstr("labels file where images are expected; are the two swapped?"));
  EXPECT_THAT(label_error(kImages), HasSubstr("images file where labels are expected; are the two swapped?"));
}

TEST_F(Idx, WrongMagic) {
  EXPECT_THAT(image_error({'P', 'N', 'G', '!', 0, 0, 0, 1}),
              HasSubstr("wrong magic number 0x504e4721: not an IDX file"));
  EXPECT_THAT(image_error({0, 1, 8, 3, 0, 0, 0, 1}), HasSubstr("wrong magic number 0x00010803"));
  EXPECT_THAT(image_error({0, 0, 0x0A, 3, 0, 0, 0, 1}), HasSubstr("not an IDX file"));
  EXPECT_THAT(image_error(idx(8, {1, 1}, {1})), HasSubstr("2 dimensions where images have 3 or 4"));
  EXPECT_THAT(image_error(idx(8, {1, 1, 1, 1, 1}, {1})), HasSubstr("5 dimensions where images have 3 or 4"));
  EXPECT_THAT(label_error(idx(8, {1, 1}, {1})), HasSubstr("2 dimensions where labels have 1"));
  EXPECT_THAT(label_error(idx(8, {}, {})), HasSubstr("0 dimensions where labels have 1"));
}

TEST_F(Idx, WrongType) {
  for (const std::uint8_t type : {0x09, 0x0B, 0x0C, 0x0D, 0x0E}) {
    EXPECT_THAT(image_error(idx(type, {1, 1, 1}, {1})), HasSubstr("wrong type code " + std::to_string(type)));
  }
}

TEST_F(Idx, ZeroSamples) {
  EXPECT_THAT(image_error(idx(8, {0, 2, 2}, {})), HasSubstr("holds zero images"));
  EXPECT_THAT(label_error(idx(8, {0}, {})), HasSubstr("holds zero labels"));
}

TEST_F(Idx, AbsurdDimensions) {
  EXPECT_THAT(image_error(idx(8, {1, 0, 2}, {})),
              HasSubstr("absurd height 0 in the header: must be 1 to 4096"));
  EXPECT_THAT(image_error(idx(8, {1, 4097, 2}, {})), HasSubstr("absurd height 4097"));
  EXPECT_THAT(image_error(idx(8, {1, 2, 0xFFFFFFFF}, {})), HasSubstr("absurd width 4294967295"));
  EXPECT_THAT(image_error(idx(8, {1, 2, 2, 1025}, {})), HasSubstr("absurd number of channels 1025"));
  EXPECT_THAT(image_error(idx(8, {(1U << 24) + 1, 2, 2}, {})),
              HasSubstr("absurd number of samples 16777217"));
  EXPECT_THAT(image_error(idx(8, {1U << 24, 4096, 4096, 1024}, {})), HasSubstr("absurd size"));
  EXPECT_THAT(label_error(idx(8, {0xFFFFFFFF}, {})), HasSubstr("absurd number of samples 4294967295"));
}

TEST_F(Idx, NoFile) {
  EXPECT_THAT(data_error([&] { read_idx_images(folder_ / "none"); }), HasSubstr("no such file"));
  EXPECT_THAT(data_error([&] { read_idx_images(folder_.path()); }), HasSubstr("is a folder, not a file"));
}

}  // namespace
}  // namespace intact::test
