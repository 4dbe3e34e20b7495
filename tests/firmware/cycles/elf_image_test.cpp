// The firmware's own files, whole and damaged.
#include "firmware/cycles/elf_image.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "core/error.h"
#include "firmware/qemu_runner.h"
#include "firmware/temporary_folder.h"

namespace intact::testing {
namespace {

class Elf : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!missing_for(Core::kCortexM4).empty()) GTEST_SKIP() << missing_for(Core::kCortexM4);
    std::ifstream in(firmware_path(Core::kCortexM4), std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }

  std::filesystem::path written() const {
    const std::filesystem::path file = folder_.path() / "firmware.elf";
    write_bytes(file, bytes_);
    return file;
  }

  TemporaryFolder folder_;
  std::vector<std::uint8_t> bytes_;
};

TEST_F(Elf, CodeAndFunctions) {
  const ElfImage image(written());
  // The vector table begins with the stack's top and the address of Thumb code.
  EXPECT_EQ(image.halfword(4) | std::uint32_t{image.halfword(6)} << 16, image.function("board_reset") + 1);
  EXPECT_THROW(image.function("board_never"), Error);
  EXPECT_THROW(image.halfword(0x10000000), Error);
}

TEST_F(Elf, OtherFilesAreErrors) {
  EXPECT_THROW(ElfImage("/nowhere/firmware.elf"), Error);
  bytes_[4] = 2;  // 64 bits
  EXPECT_THROW(ElfImage{written()}, Error);
  bytes_.resize(40);
  bytes_[4] = 1;
  EXPECT_THROW(ElfImage{written()}, Error);
}

TEST_F(Elf, DamagedFilesAreErrorsAtMost) {
  const std::vector<std::uint8_t> whole = bytes_;
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    bytes_ = whole;
    if (i % 3 == 0) bytes_.resize(random() % bytes_.size());
    for (int n = 0; n < 4 && bytes_.size() > 52; ++n)
      bytes_[24 + random() % 28] = static_cast<std::uint8_t>(random());
    try {
      const ElfImage image(written());
      image.halfword(image.function("board_now"));
    } catch (const Error&) {  // what a damaged file may lead to
    }
  }
}

}  // namespace
}  // namespace intact::testing
