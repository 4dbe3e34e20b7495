// The .npy reader: files as NumPy writes them, and hostile ones.
#include "data/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idx_files.h"

namespace intact::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Magic, version, length of the header, header, data.
Bytes npy(const std::string& header, const Bytes& data, int major = 1) {
  Bytes bytes{0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(major), 0};
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
    bytes.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

std::string dictionary(const std::string& shape) {
  return "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + ", }";
}

std::string error(const Bytes& bytes) {
  return data_error([&] { parse_npy(bytes, "in.npy"); });
}

// numpy.save of numpy.arange(6, dtype=numpy.uint8).reshape(2, 3), NumPy 1.24, byte by byte.
TEST(Npy, ReadsWhatNumpyWrites) {
  const Bytes head{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0x76, 0};
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }";
  header.resize(117, ' ');
  header += '\n';
  Bytes bytes = head;
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (std::uint8_t i = 0; i < 6; ++i) bytes.push_back(i);
  ASSERT_EQ(bytes.size(), 134U);
  const NpyArray array = parse_npy(bytes, "in.npy");
  EXPECT_THAT(array.shape, ElementsAre(2, 3));
  EXPECT_THAT(array.data, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(Npy, Versions) {
  for (const int major : {1, 2, 3})
    EXPECT_THAT(parse_npy(npy(dictionary("(2,)"), {7, 8}, major), "x").data, ElementsAre(7, 8));
  EXPECT_THAT(error(npy(dictionary("(2,)"), {7, 8}, 4)), HasSubstr("unknown .npy version 4"));
  EXPECT_THAT(error(npy(dictionary("(2,)"), {7, 8}, 0)), HasSubstr("unknown .npy version 0"));
}

TEST(Npy, Shapes) {
  EXPECT_THAT(parse_npy(npy(dictionary("(1, 2, 2, 1)"), {1, 2, 3, 4}), "x").shape, ElementsAre(1, 2, 2, 1));
  EXPECT_THAT(error(npy(dictionary("()"), {1})), HasSubstr("a single number"));
  EXPECT_THAT(error(npy(dictionary("(0, 3)"), {})), HasSubstr("a dimension of the array is 0"));
  EXPECT_THAT(error(npy(dictionary("(1, 1, 1, 1, 1, 1, 1, 1, 1)"), {1})),
              HasSubstr("more than 8 dimensions"));
  EXPECT_THAT(error(npy(dictionary("(65536, 65536)"), {1})), HasSubstr("more than 1073741824 elements"));
  EXPECT_THAT(error(npy(dictionary("(99999999999999999999999,)"), {1})), HasSubstr("larger than 1073741824"));
  EXPECT_THAT(error(npy(dictionary("(-1,)"), {1})), HasSubstr("expected a number"));
}

TEST(Npy, Lengths) {
  EXPECT_THAT(error(npy(dictionary("(3,)"), {1, 2})),
              HasSubstr("truncated: the shape needs 3 bytes, the file has 2"));
  EXPECT_THAT(error(npy(dictionary("(3,)"), {1, 2, 3, 4})),
              HasSubstr("trailing bytes: the shape needs 3 bytes, the file has 4"));
  const Bytes whole = npy(dictionary("(2,)"), {1, 2});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string message =
        error(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    EXPECT_THAT(message, testing::AnyOf(HasSubstr("truncated"), HasSubstr("the magic bytes are missing")))
        << length;
  }
}

TEST(Npy, Types) {
  for (const char* type : {"<f4", "<i8", "|i1", ">u2", "|b1", ""}) {
    const std::string header =
        std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (1,)}";
    EXPECT_THAT(error(npy(header, {1})),
                HasSubstr(std::string("element type '") + type + "' where uint8 ('|u1') is needed"));
  }
  EXPECT_THAT(error(npy("{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (1,)}", {1})),
              HasSubstr("structured arrays"));
}

TEST(Npy, FortranOrder) {
  EXPECT_THAT(error(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (1,)}", {1})),
              HasSubstr("ascontiguousarray"));
}

TEST(Npy, FaultyHeaders) {
  for (const char* header :
       {"", "[]", "{", "{'descr'}", "{'descr': }", "{'descr': '|u1'}", "{'descr': '|u1', 'descr': '|u1'}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': 1}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1 2)}", "{'descr': '|u1", "{'extra': 1}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x"}) {
    EXPECT_THAT(error(npy(header, {1})), HasSubstr("faulty .npy header")) << header;
  }
  Bytes bytes = npy(dictionary("(1,)"), {1}, 2);
  bytes[11] = 0xFF;  // a header of 4 GiB
  EXPECT_THAT(error(bytes), HasSubstr("the header claims"));
}

TEST(Npy, NotNpy) {
  EXPECT_THAT(error({}), HasSubstr("not a .npy file"));
  EXPECT_THAT(error({'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0}), HasSubstr("not a .npy file"));
}

TEST(Npy, Files) {
  const TempFolder folder;
  const auto file = folder / "a.npy";
  write_file(file, npy(dictionary("(1, 2)"), {5, 6}));
  EXPECT_THAT(read_npy(file).data, ElementsAre(5, 6));
  EXPECT_THAT(data_error([&] { read_npy(folder / "none.npy"); }), HasSubstr("no such file"));
  EXPECT_THAT(data_error([&] { read_npy(folder.path()); }), HasSubstr("is a folder, not a file"));
  EXPECT_THAT(data_error([&] { read_npy("/dev/zero"); }), HasSubstr("cannot be read"));
  std::filesystem::resize_file(file, std::uintmax_t{1} << 40);  // sparse
  EXPECT_THAT(data_error([&] { read_npy(file); }), HasSubstr("is larger than 1073741824 bytes"));
}

}  // namespace
}  // namespace intact::test
