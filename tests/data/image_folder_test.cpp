// Folders of images by class: order, sizes, the cache, and faults.
#include "data/image_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "core/atomic_file.h"
#include "data/dataset.h"
#include "data/image_cache.h"
#include "image_files.h"

namespace intact::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

class ImageFolder : public testing::Test {
 protected:
  void SetUp() override {
    setenv("XDG_CACHE_HOME", (folder_ / "cache").c_str(), 1);
    write("train/cat/b.png", png(2, 2, 1, flat(2, 2, {20})));
    write("train/cat/a.jpg", jpeg(16, 16, 1, flat(16, 16, {10})));
    write("train/ant/z.png", png(5, 3, 3, flat(5, 3, {1, 2, 3})));
    write("test/ant/1.png", png(1, 1, 1, {40}));
    write("test/cat/1.png", png(1, 1, 1, {50}));
  }
  void TearDown() override { unsetenv("XDG_CACHE_HOME"); }

  void write(const std::string& name, const Bytes& bytes) {
    const fs::path file = data() / name;
    fs::create_directories(file.parent_path());
    write_file(file, bytes);
  }
  fs::path data() const { return folder_ / "data"; }

  DataSplits load(int height = 2, int width = 2, int channels = 3) {
    decoded_ = 0;
    notes_.clear();
    DataConfig config;
    config.kind = DataKind::kImageFolder;
    config.path = data().string();
    config.height = height;
    config.width = width;
    config.channels = channels;
    DataEvents events;
    events.decoded = [&](std::size_t done, std::size_t total) {
      EXPECT_EQ(done, ++decoded_);
      total_ = total;
    };
    events.note = [&](const std::string& text) { notes_ += text; };
    return load_data(config, events);
  }
  std::string error() {
    return data_error([&] { load(); });
  }

  std::vector<fs::path> kept() const {
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / "cache" / "intact", none))
      files.push_back(entry);
    return files;
  }

  TempFolder folder_;
  std::size_t decoded_ = 0, total_ = 0;
  std::string notes_;
};

TEST_F(ImageFolder, ClassesAndFilesInOrderOfTheirNames) {
  const DataSplits splits = load();
  EXPECT_EQ(splits.train.classes, 2);
  EXPECT_THAT(splits.train.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(splits.test.labels, ElementsAre(0, 1));
  EXPECT_EQ(splits.train.height, 2);
  EXPECT_EQ(splits.train.width, 2);
  EXPECT_EQ(splits.train.channels, 3);
  EXPECT_THAT(splits.train.image(0).first(3), ElementsAre(1, 2, 3));
  EXPECT_THAT(splits.train.image(1), Each(10));
  EXPECT_THAT(splits.train.image(2), Each(20));
  EXPECT_THAT(splits.test.image(1), Each(50));
  EXPECT_EQ(decoded_, 5U);
  EXPECT_EQ(total_, 5U);
}

TEST_F(ImageFolder, Grey) {
  EXPECT_EQ(load(3, 4, 1).train.image(2).size(), 12U);
}

TEST_F(ImageFolder, HiddenFilesAreNoImages) {
  write("train/.DS_Store", {1});
  write("train/cat/.hidden", {1});
  EXPECT_EQ(load().train.size(), 3U);
}

TEST_F(ImageFolder, DecodesOnce) {
  const DataSplits first = load();
  EXPECT_THAT(notes_, HasSubstr("decoded 5 images into "));
  const DataSplits second = load();
  EXPECT_EQ(decoded_, 0U);
  EXPECT_EQ(notes_, "");
  EXPECT_EQ(second.train.images, first.train.images);
  EXPECT_EQ(second.test.images, first.test.images);
  EXPECT_EQ(second.train.labels, first.train.labels);
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(ImageFolder, ChangesDecodeAgain) {
  load();
  load(2, 2, 1);
  EXPECT_EQ(decoded_, 5U);  // another size
  write("test/ant/1.png", png(1, 1, 1, {41}));
  fs::last_write_time(data() / "test/ant/1.png", fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_THAT(load().test.image(0), Each(41));
  EXPECT_EQ(decoded_, 5U);  // another time
  write("train/ant/new.png", png(1, 1, 1, {7}));
  EXPECT_EQ(load().train.size(), 4U);
  EXPECT_EQ(decoded_, 6U);  // another file
  fs::rename(data() / "train/ant/new.png", data() / "train/cat/new.png");
  load();
  EXPECT_EQ(decoded_, 6U);  // another class
}

TEST_F(ImageFolder, DamagedCacheIsReplaced) {
  const DataSplits first = load();
  const fs::path file = kept().at(0);
  Bytes bytes = read_file(file, 1U << 20);
  for (const std::size_t at : {std::size_t{3}, std::size_t{20}, bytes.size() / 2, bytes.size() - 1}) {
    Bytes damaged = bytes;
    damaged[at] ^= 1;
    write_file(file, damaged);
    EXPECT_EQ(load().train.images, first.train.images);
    EXPECT_EQ(decoded_, 5U) << at;
    EXPECT_EQ(read_file(file, 1U << 20), bytes);
  }
  bytes.pop_back();
  write_file(file, bytes);
  load();
  EXPECT_EQ(decoded_, 5U);
}

TEST_F(ImageFolder, WithoutACache) {
  write_file(folder_ / "file", {1});
  setenv("XDG_CACHE_HOME", (folder_ / "file").c_str(), 1);
  EXPECT_EQ(load().train.size(), 3U);
  EXPECT_THAT(notes_, HasSubstr("decoded images are not kept for the next time: "));
}

TEST(CacheFolder, FollowsTheEnvironment) {
  setenv("XDG_CACHE_HOME", "/x", 1);
  EXPECT_EQ(cache_folder(), fs::path("/x/intact"));
  setenv("XDG_CACHE_HOME", "relative", 1);  // to be ignored, says the specification
  const std::string home = std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  setenv("HOME", "/h", 1);
  EXPECT_EQ(cache_folder(), fs::path("/h/.cache/intact"));
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  EXPECT_EQ(cache_folder(), std::nullopt);
  setenv("HOME", home.c_str(), 1);
}

TEST_F(ImageFolder, FaultyImagesAreNamed) {
  const Bytes whole = jpeg(16, 16, 3, flat(16, 16, {1, 2, 3}));
  write("train/cat/cut.jpg",
        Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() - 40)));
  EXPECT_THAT(error(),
              AllOf(HasSubstr("train/cat/cut.jpg: cannot be decoded as JPEG"), HasSubstr("damaged or cut")));
  write("train/ant/bomb.png", png_header(100000, 100000));
  EXPECT_THAT(error(), HasSubstr("train/ant/bomb.png: claims 100000x100000 pixels"));  // the first of two
  EXPECT_TRUE(kept().empty());
  write("train/ant/bomb.png", {'h', 'i'});
  EXPECT_THAT(error(), HasSubstr("train/ant/bomb.png: is neither a JPEG nor a PNG file"));
}

TEST_F(ImageFolder, UnreadableFile) {
  fs::create_symlink(data() / "nowhere", data() / "train/cat/link.png");
  EXPECT_THAT(error(), HasSubstr("train/cat/link.png: "));
}

TEST_F(ImageFolder, FaultyLayout) {
  fs::create_directories(data() / "train/bee");
  EXPECT_THAT(error(), HasSubstr("test/bee: no such folder, but train has this class"));
  fs::create_directories(data() / "test/bee");
  EXPECT_THAT(error(), HasSubstr("train/bee: the class has no image"));
  fs::remove(data() / "train/bee");
  EXPECT_THAT(error(), HasSubstr("train/bee: no such folder, but test has this class"));
  fs::remove(data() / "test/bee");
  write("train/stray.png", png(1, 1, 1, {1}));
  EXPECT_THAT(error(), HasSubstr("train/stray.png: is not a folder"));
  fs::remove(data() / "train/stray.png");
  fs::create_directories(data() / "train/cat/more");
  EXPECT_THAT(error(), HasSubstr("train/cat/more: is not a file"));
  fs::remove_all(data() / "train");
  EXPECT_THAT(error(), AllOf(HasSubstr("train: no such folder"), HasSubstr("data.path must name")));
  fs::create_directories(data() / "train");
  EXPECT_THAT(error(), HasSubstr("train: has no class"));
}

TEST_F(ImageFolder, AtMost256Classes) {
  for (int i = 0; i < 255; ++i) fs::create_directories(data() / "train" / std::to_string(i));
  EXPECT_THAT(error(), HasSubstr("has 257 classes, above 256"));
}

}  // namespace
}  // namespace intact::test
