// A folder with a small IDX data set that a network can learn: class c is a bright bar at row c, in noise.
#pragma once

#include <filesystem>

namespace intact::test {

// 320 training and 60 test images of 8 x 8, 4 classes, as plain IDX files.
void write_synthetic_idx(const std::filesystem::path& folder);

// A config over it: float, calibrate, qat, frozen, every kind of quantizer; a second or two of training.
std::string synthetic_config(const std::filesystem::path& data_folder);

// An empty folder of this test process, removed by the destructor.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace intact::test
