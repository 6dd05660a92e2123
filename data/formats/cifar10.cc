#include "data/formats/cifar10.h"

#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/formats/bad_file.h"
#include "data/formats/input_file.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPixelBytes = 3072, kRecordBytes = 1 + kPixelBytes;
constexpr int kClasses = 10;

/// Appends the records of one file.
void read_batch(const fs::path& path, std::vector<std::uint8_t>& pixels,
                std::vector<std::int32_t>& labels) {
  std::error_code ignored;
  fs::path pickled = path;
  pickled.replace_extension();
  if (!fs::exists(path, ignored) && fs::exists(pickled, ignored)) {
    throw Error(ErrorCode::kNoInput, "no such file: " + path.string() + "; " + pickled.string() +
                                         " is of CIFAR-10's Python version, expected the binary "
                                         "version");
  }
  const std::string bytes = read_input_file(path);
  if (bytes.empty() || bytes.size() % kRecordBytes != 0) {
    bad_file(path.string(), "found " + std::to_string(bytes.size()) +
                                " bytes, which end inside record " +
                                std::to_string(bytes.size() / kRecordBytes) +
                                "; expected whole records of 3073 bytes");
  }
  for (std::size_t begin = 0; begin < bytes.size(); begin += kRecordBytes) {
    const auto label = static_cast<std::uint8_t>(bytes[begin]);
    if (label >= kClasses) {
      bad_file(path.string(), "found label " + std::to_string(label) + " in record " +
                                  std::to_string(begin / kRecordBytes) + " at offset " +
                                  std::to_string(begin) + ", expected 0 to 9");
    }
    labels.push_back(label);
    const auto* record = reinterpret_cast<const std::uint8_t*>(bytes.data()) + begin;
    pixels.insert(pixels.end(), record + 1, record + kRecordBytes);
  }
}

std::vector<std::string> read_class_names(const fs::path& folder) {
  const fs::path path = folder / "batches.meta.txt";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return {"airplane", "automobile", "bird",  "cat",  "deer",
            "dog",      "frog",       "horse", "ship", "truck"};
  }
  std::vector<std::string> names;
  std::istringstream lines(read_input_file(path));
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  if (names.size() != kClasses) {
    bad_file(path.string(),
             "found " + std::to_string(names.size()) + " class names, expected 10, one per line");
  }
  return names;
}

}  // namespace

Dataset load_cifar10(const fs::path& folder, std::optional<Split> split) {
  if (!is_folder(folder))
    bad_file(folder.string(), "found a file, expected the folder of CIFAR-10's .bin files");
  std::error_code ignored;
  const fs::path inner = folder / "cifar-10-batches-bin";
  const fs::path batches = fs::is_directory(inner, ignored) ? inner : folder;

  Dataset dataset;
  std::vector<std::uint8_t> pixels;
  if (split == Split::kTest) {
    read_batch(batches / "test_batch.bin", pixels, dataset.labels);
  } else {
    for (int batch = 1; batch <= 5; ++batch) {
      read_batch(batches / ("data_batch_" + std::to_string(batch) + ".bin"), pixels,
                 dataset.labels);
    }
  }
  dataset.n = static_cast<std::int64_t>(dataset.labels.size());
  dataset.shape = {.channels = 3, .height = 32, .width = 32};
  dataset.values = std::move(pixels);
  dataset.class_names = read_class_names(batches);
  return dataset;
}

}  // namespace ebm::data
