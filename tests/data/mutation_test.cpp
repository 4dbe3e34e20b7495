// Damaged files: data, or a DataError; never anything else.
#include <gtest/gtest.h>

#include "core/random.h"
#include "data/idx.h"
#include "data/npy.h"
#include "idx_files.h"

namespace intact::test {
namespace {

Bytes mutated(Bytes bytes, RandomStream& random) {
  for (std::uint32_t edits = 1 + random.below(3); edits > 0 && !bytes.empty(); --edits) {
    const auto at = static_cast<std::ptrdiff_t>(random.below(static_cast<std::uint32_t>(bytes.size())));
    switch (random.below(4)) {
      case 0:
        bytes[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(random.below(256));
        break;
      case 1:
        bytes.erase(bytes.begin() + at);
        break;
      case 2:
        bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(random.below(256)));
        break;
      default:
        bytes.resize(static_cast<std::size_t>(at));
    }
  }
  return bytes;
}

// Calls `read` with many mutations; both outcomes must come up.
template <class Read>
void expect_data_or_error(const Bytes& original, int rounds, Read read) {
  int whole = 0, refused = 0;
  for (int seed = 0; seed < rounds; ++seed) {
    RandomStream random(static_cast<std::uint64_t>(seed), {0x6d7574617465});
    try {
      read(mutated(original, random));
      ++whole;
    } catch (const DataError&) {
      ++refused;
    }
  }
  EXPECT_GT(whole, 0);
  EXPECT_GT(refused, 0);
}

TEST(Mutations, OfIdx) {
  const TempFolder folder;
  const auto file = folder / "file";
  const Bytes images = idx(8, {3, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  for (const Bytes& original : {images, gzip(images)}) {
    expect_data_or_error(original, 1500, [&](const Bytes& bytes) {
      write_file(file, bytes);
      const IdxImages read = read_idx_images(file);
      ASSERT_EQ(read.bytes.size(),
                read.size() * static_cast<std::size_t>(read.height * read.width * read.channels));
    });
  }
}

TEST(Mutations, OfNpy) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }";
  Bytes original{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<std::uint8_t>(header.size()), 0};
  original.insert(original.end(), header.begin(), header.end());
  original.insert(original.end(), {1, 2, 3, 4, 5, 6});
  expect_data_or_error(original, 20000, [&](const Bytes& bytes) {
    const NpyArray array = parse_npy(bytes, "mutated");
    std::size_t count = 1;
    for (const std::size_t d : array.shape) count *= d;
    ASSERT_EQ(array.data.size(), count);
  });
}

}  // namespace
}  // namespace intact::test
