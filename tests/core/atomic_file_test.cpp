#include "core/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>
#include <string>

#include "core/error.h"

namespace intact {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class AtomicFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "intact-core-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }
  fs::path folder_;
};

TEST_F(AtomicFileTest, WhatIsWrittenIsRead) {
  const Bytes bytes{0, 255, 10, 13, 0, 7};
  atomic_write_file(folder_ / "a", bytes);
  EXPECT_EQ(read_file(folder_ / "a", 6), bytes);
}

TEST_F(AtomicFileTest, ReplacesWithoutRest) {
  atomic_write_file(folder_ / "a", std::string_view("a long first content"));
  atomic_write_file(folder_ / "a", std::string_view("short"));
  EXPECT_EQ(read_file(folder_ / "a", 100), (Bytes{'s', 'h', 'o', 'r', 't'}));
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, WritesAnEmptyFile) {
  atomic_write_file(folder_ / "a", Bytes{});
  EXPECT_TRUE(read_file(folder_ / "a", 0).empty());
}

TEST_F(AtomicFileTest, KeepsPermissions) {
  atomic_write_file(folder_ / "a", std::string_view("1"));
  fs::permissions(folder_ / "a", fs::perms::owner_read | fs::perms::owner_write);
  atomic_write_file(folder_ / "a", std::string_view("2"));
  EXPECT_EQ(fs::status(folder_ / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(AtomicFileTest, MissingFolderIsNamed) {
  EXPECT_THAT([&] { atomic_write_file(folder_ / "none" / "a", std::string_view("x")); },
              ThrowsMessage<Error>(AllOf(HasSubstr("none/a"), HasSubstr("No such file"))));
}

TEST_F(AtomicFileTest, RefusesToReplaceAFolder) {
  fs::create_directory(folder_ / "d");
  EXPECT_THAT([&] { atomic_write_file(folder_ / "d", std::string_view("x")); },
              ThrowsMessage<Error>(HasSubstr("not a regular file")));
  EXPECT_TRUE(fs::is_directory(folder_ / "d"));
  EXPECT_EQ(files(), 1);
}

TEST_F(AtomicFileTest, RefusesToReplaceADevice) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(atomic_write_file(folder_ / "pipe", std::string_view("x")), Error);
  EXPECT_TRUE(fs::is_fifo(folder_ / "pipe"));
  EXPECT_THROW(read_file(folder_ / "pipe", 10), Error);
}

TEST_F(AtomicFileTest, LimitIsExact) {
  atomic_write_file(folder_ / "a", std::string_view("12345"));
  EXPECT_EQ(read_file(folder_ / "a", 5).size(), 5U);
  EXPECT_THAT([&] { read_file(folder_ / "a", 4); },
              ThrowsMessage<Error>(AllOf(HasSubstr("5 bytes"), HasSubstr("4"))));
}

TEST_F(AtomicFileTest, MissingFileIsNamed) {
  EXPECT_THAT([&] { read_file(folder_ / "absent", 10); },
              ThrowsMessage<Error>(AllOf(HasSubstr("absent"), HasSubstr("No such file"))));
}

TEST_F(AtomicFileTest, FolderIsNotRead) {
  EXPECT_THAT([&] { read_file(folder_, 10); }, ThrowsMessage<Error>(HasSubstr("not a regular file")));
}

}  // namespace
}  // namespace intact
