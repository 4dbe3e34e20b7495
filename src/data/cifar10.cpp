#include "data/cifar10.h"

#include <string>
#include <vector>

#include "data/byte_source.h"
#include "data/data_error.h"
#include "data/splits.h"

namespace intact {
namespace {

constexpr std::size_t kSide = 32, kPlane = kSide * kSide, kColours = 3;
constexpr std::size_t kRecord = 1 + kColours * kPlane;
constexpr std::size_t kMostRecords = 1U << 20;
constexpr std::uint8_t kClasses = 10;
constexpr const char* kHint =
    "data.path must name the folder of CIFAR-10's binary version, cifar-10-batches-bin, with "
    "data_batch_1.bin "
    "to data_batch_5.bin and test_batch.bin";

void append(const std::filesystem::path& file, Dataset& data) {
  ByteSource source(file);
  const std::vector<std::uint8_t> bytes = source.read(kMostRecords * kRecord + 1);
  if (bytes.empty() || bytes.size() % kRecord != 0 || bytes.size() > kMostRecords * kRecord) {
    throw DataError(file, "is " + std::to_string(bytes.size()) + " bytes long, not records of " +
                              std::to_string(kRecord) + " bytes: it is cut or not CIFAR-10's binary version");
  }
  for (std::size_t at = 0; at < bytes.size(); at += kRecord) {
    if (bytes[at] >= kClasses) {
      throw DataError(file, "record " + std::to_string(at / kRecord) + " has the label " +
                                std::to_string(bytes[at]) + ", above 9");
    }
    data.labels.push_back(bytes[at]);
    const std::uint8_t* planes = &bytes[at + 1];
    for (std::size_t pixel = 0; pixel < kPlane; ++pixel) {
      for (std::size_t colour = 0; colour < kColours; ++colour)
        data.images.push_back(planes[colour * kPlane + pixel]);
    }
  }
}

Dataset load_files(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  Dataset data;
  data.height = data.width = static_cast<int>(kSide);
  data.channels = static_cast<int>(kColours);
  for (const std::string& name : names) append(find_file(folder, {name}, kHint), data);
  return data;
}

}  // namespace

DataSplits load_cifar10(const std::filesystem::path& folder) {
  return {load_files(folder, {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                              "data_batch_5.bin"}),
          load_files(folder, {"test_batch.bin"})};
}

}  // namespace intact
