#include "data/formats/cifar10.h"

#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/foreign_format.h"
#include "data/formats/bad_file.h"
#include "data/formats/data_memory.h"
#include "data/formats/input_file.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPixelBytes = 3072, kRecordBytes = 1 + kPixelBytes;
constexpr int kClasses = 10, kTrainBatches = 5;

/// Appends the records of one file of `n_batches`.
void read_batch(const fs::path& path, std::size_t n_batches, std::vector<std::uint8_t>& pixels,
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
  constexpr std::size_t kRecordBytes100 = kRecordBytes + 1;
  const bool is_cifar100 = bytes.size() % kRecordBytes != 0 && bytes.size() % kRecordBytes100 == 0;
  if (bytes.empty() || bytes.size() % kRecordBytes != 0) {
    bad_file(path.string(), "found " + std::to_string(bytes.size()) +
                                " bytes, which end inside record " +
                                std::to_string(bytes.size() / kRecordBytes) +
                                "; expected whole records of 3073 bytes" +
                                (is_cifar100 ? ": these are the records of 3074 bytes of CIFAR-100"
                                             : base::foreign_format(bytes)));
  }
  if (pixels.empty()) {
    const std::size_t n_items = n_batches * (bytes.size() / kRecordBytes);
    require_memory_for(path.string(), {static_cast<std::int64_t>(n_items), 3, 32, 32}, 1);
    pixels.reserve(n_items * kPixelBytes);
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

/// Names the archive, if it lies there as it was downloaded.
void require_unpacked(const fs::path& folder, const fs::path& batches) {
  std::error_code ignored;
  const fs::path archive = folder / "cifar-10-binary.tar.gz";
  const bool has_batches = fs::exists(batches / "test_batch.bin", ignored) ||
                           fs::exists(batches / "data_batch_1.bin", ignored);
  if (has_batches || !fs::exists(archive, ignored)) return;
  throw Error(ErrorCode::kNoInput, archive.string() + " is still packed: tar xzf it there");
}

std::vector<std::string> read_class_names(const fs::path& folder) {
  const fs::path path = folder / "batches.meta.txt";
  std::error_code ignored;
  if (!fs::exists(path, ignored) && !fs::is_symlink(path, ignored)) {
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
  require_folder(folder, "the folder of CIFAR-10's .bin files");
  std::error_code ignored;
  const fs::path inner = folder / "cifar-10-batches-bin";
  const fs::path batches = fs::is_directory(inner, ignored) ? inner : folder;
  require_unpacked(folder, batches);

  Dataset dataset;
  std::vector<std::uint8_t> pixels;
  if (split == Split::kTest) {
    read_batch(batches / "test_batch.bin", 1, pixels, dataset.labels);
  } else {
    for (int batch = 1; batch <= kTrainBatches; ++batch) {
      read_batch(batches / ("data_batch_" + std::to_string(batch) + ".bin"), kTrainBatches, pixels,
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
