#include "exporters/c/c_array.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/atomic_file.h"
#include "core/error.h"
#include "exporters/blob/blob_writer.h"
#include "exporters/passes/pass.h"
#include "sample_graphs.h"

namespace intact {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr const char* kMain = R"(#include <stdint.h>
#include <stdio.h>

#include "model.h"

int main(void) {
  if ((uintptr_t)my_model % 16u != 0u) return 1;
  if (sizeof my_model != MY_MODEL_LENGTH) return 2;
  if (MY_MODEL_ARENA_BYTES % 16u != 0u) return 3;
  if (MY_MODEL_INPUT_HEIGHT * MY_MODEL_INPUT_WIDTH * MY_MODEL_INPUT_CHANNELS != MY_MODEL_INPUT_BYTES) return 4;
  if (MY_MODEL_OUTPUT_HEIGHT != 1u || MY_MODEL_OUTPUT_WIDTH != 1u || MY_MODEL_OUTPUT_CHANNELS != 5u) return 5;
  if (MY_MODEL_OUTPUT_BYTES != 20u) return 6;
  if (sizeof MY_MODEL_STATE_HASH != 33u) return 7;
  return fwrite(my_model, 1, sizeof my_model, stdout) == sizeof my_model ? 0 : 8;
}
)";

class CArrayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "intact-c-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const Lowered lowered = lower(test::branching_graph());
    blob_ = write_blob(lowered, {true, choose_golden_inputs(lowered.graph, 4, 1, {}), ""});
  }
  void TearDown() override { fs::remove_all(folder_); }

  int run(const std::string& command) const {
    return std::system(
        ("cd '" + folder_.string() + "' && " + command).c_str());  // NOLINT: a test's own command
  }

  fs::path folder_;
  Bytes blob_;
};

TEST_F(CArrayTest, CompilesEverywhereAndHoldsTheBlob) {
  const CArray array = blob_to_c(blob_, "my_model", "model.h");
  atomic_write_file(folder_ / "model.h", array.header);
  atomic_write_file(folder_ / "model.c", array.source);
  atomic_write_file(folder_ / "main.c", std::string_view(kMain));
  const std::string warnings = " -pedantic -Wall -Wextra -Werror -Wundef -Wmissing-declarations ";
  for (const std::string& compiler : {
           std::string(INTACT_C_COMPILER) + " -std=c99 -Wstrict-prototypes",
           std::string(INTACT_C_COMPILER) + " -std=c11 -Wstrict-prototypes",
           std::string(INTACT_CXX_COMPILER) + " -x c++ -std=c++11",
       }) {
    fs::remove(folder_ / "out");
    ASSERT_EQ(run(compiler + warnings + "main.c model.c -o main"), 0) << compiler;
    ASSERT_EQ(run("./main > out"), 0) << compiler;
    EXPECT_EQ(read_file(folder_ / "out", 1 << 20), blob_) << compiler;
  }
}

TEST_F(CArrayTest, BytesBehindTheBlobAreLeftOut) {
  Bytes longer = blob_;
  longer.resize(longer.size() + 50);
  EXPECT_EQ(blob_to_c(longer, "m", "m.h").source, blob_to_c(blob_, "m", "m.h").source);
}

TEST_F(CArrayTest, SymbolMustBeAnIdentifier) {
  for (const char* symbol : {"", "1st", "a-b", "a b", "m\xC3\xA4h"}) {
    EXPECT_THAT([&] { blob_to_c(blob_, symbol, "m.h"); }, ThrowsMessage<Error>(HasSubstr("no C identifier")));
  }
  EXPECT_NO_THROW(blob_to_c(blob_, "_Ab9", "m.h"));
}

TEST_F(CArrayTest, HeaderNameMustFitAnInclude) {
  EXPECT_THROW(blob_to_c(blob_, "m", "a\"b.h"), Error);
  EXPECT_THROW(blob_to_c(blob_, "m", "a\nb.h"), Error);
}

TEST_F(CArrayTest, OnlyBlobsAreTaken) {
  blob_[100] ^= 1;
  EXPECT_THROW(blob_to_c(blob_, "m", "m.h"), Error);
}

}  // namespace
}  // namespace intact
