#include "data/formats/idx_dataset.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/formats/idx.h"
#include "data/formats/input_file.h"
#include "data/formats/lengths.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDebianFolder = "/usr/share/datasets/fashion-mnist";

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.rfind(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
}

/// The file with the labels of `images`, if there is one.
std::optional<fs::path> labels_beside(const fs::path& images) {
  std::string name = images.filename().string();
  if (name.find("images") == std::string::npos) return std::nullopt;
  replace(name, "images", "labels");
  replace(name, "idx3", "idx1");
  replace(name, "idx4", "idx1");
  const std::string other = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name + ".gz";
  for (const std::string& candidate : {name, other}) {
    const fs::path path = images.parent_path() / candidate;
    std::error_code ignored;
    if (fs::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

/// What comes before the words of `split` if `stem` names its images: empty, or a prefix that ends
/// in '-'.
std::optional<std::string_view> prefix_of_images(std::string_view stem, Split split) {
  const std::vector<std::string> words = split == Split::kTest
                                             ? std::vector<std::string>{"t10k", "test"}
                                             : std::vector<std::string>{"train"};
  for (const std::string& word : words) {
    for (const char* type : {"-idx3", ".idx3", "-idx4", ".idx4"}) {
      const std::string ending = word + "-images" + type + "-ubyte";
      if (!stem.ends_with(ending)) continue;
      const std::string_view prefix = stem.substr(0, stem.size() - ending.size());
      if (prefix.empty() || prefix.ends_with('-')) return prefix;
    }
  }
  return std::nullopt;
}

/// The images file of one split of a folder.
fs::path find_images(const fs::path& folder, Split split) {
  // By name without .gz; natural order puts the plain file first, and emplace keeps it.
  std::map<std::string, fs::path> plain_names, prefixed_names;
  for (const fs::path& path : list_folder(folder)) {
    const std::string name = path.filename().string();
    const std::string stem = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
    if (const auto prefix = prefix_of_images(stem, split)) {
      (prefix->empty() ? plain_names : prefixed_names).emplace(stem, path);
    }
  }
  const auto& found = plain_names.empty() ? prefixed_names : plain_names;
  if (found.empty()) {
    throw Error(ErrorCode::kNoInput,
                folder.string() + ": holds no " + (split == Split::kTest ? "t10k" : "train") +
                    "-images-idx3-ubyte, plain or .gz, for split=" + to_string(split));
  }
  if (found.size() > 1) {
    throw Error(ErrorCode::kBadData, folder.string() + ": " + found.begin()->first + " and " +
                                         std::next(found.begin())->first +
                                         " both fit split=" + to_string(split) +
                                         ", expected one; give the file as idx:FILE");
  }
  return found.begin()->second;
}

Dataset read_images(const fs::path& path) {
  IdxArray images = read_idx(path);
  const auto& dims = images.dims;
  if (dims.size() < 3) {
    throw Error(
        ErrorCode::kBadData,
        path.string() + ": found " + std::to_string(dims.size()) + " dimensions (" + by(dims) +
            ") at offset 3, expected 3 (n, height, width) or 4 (n, channels, height, width)");
  }
  Dataset dataset;
  dataset.n = dims[0];
  dataset.shape = {.channels = dims.size() == 4 ? dims[1] : 1,
                   .height = dims[dims.size() - 2],
                   .width = dims[dims.size() - 1]};
  dataset.values = std::move(images.values);
  return dataset;
}

void read_labels(const fs::path& path, const fs::path& images, Dataset& dataset) {
  const IdxArray labels = read_idx(path);
  if (labels.dims.size() != 1) {
    throw Error(ErrorCode::kBadData, path.string() + ": found " +
                                         std::to_string(labels.dims.size()) +
                                         " dimensions at offset 3, expected the 1 of labels");
  }
  if (labels.dims[0] != dataset.n) {
    throw Error(ErrorCode::kBadData, path.string() + ": found " + std::to_string(labels.dims[0]) +
                                         " labels, expected " + std::to_string(dataset.n) +
                                         ", one for each image of " + images.string());
  }
  dataset.labels.assign(labels.values.begin(), labels.values.end());
}

}  // namespace

Dataset load_idx(const fs::path& file_or_folder, std::optional<Split> split) {
  const bool folder = is_folder(file_or_folder);
  if (!folder && split) {
    throw Error(ErrorCode::kUsage, "split=" + to_string(*split) +
                                       " picks a file of a folder, but " + file_or_folder.string() +
                                       " is a file; omit the option or give the folder");
  }
  const fs::path images =
      folder ? find_images(file_or_folder, split.value_or(Split::kTrain)) : file_or_folder;
  Dataset dataset = read_images(images);
  if (const auto labels = labels_beside(images)) read_labels(*labels, images, dataset);
  return dataset;
}

Dataset load_fashion_mnist(std::optional<Split> split) {
  const char* variable = std::getenv("EBM_DATA");
  fs::path folder = kDebianFolder;
  std::error_code ignored;
  if (variable != nullptr && *variable != '\0') {
    folder = variable;
    if (fs::is_directory(folder / "fashion-mnist", ignored)) folder /= "fashion-mnist";
  }
  if (!fs::exists(folder, ignored)) {
    throw Error(ErrorCode::kNoInput, "fashion-mnist: no folder " + folder.string() +
                                         "; apt install dataset-fashion-mnist, or set EBM_DATA " +
                                         "to the folder that holds its files");
  }
  Dataset dataset = load_idx(folder, split.value_or(Split::kTrain));
  dataset.class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                         "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  const auto bad = std::find_if(dataset.labels.begin(), dataset.labels.end(),
                                [](std::int32_t label) { return label > 9; });
  if (bad != dataset.labels.end()) {
    throw Error(ErrorCode::kBadData, folder.string() + ": found label " + std::to_string(*bad) +
                                         " at item " +
                                         std::to_string(bad - dataset.labels.begin()) +
                                         ", expected 0 to 9 in fashion-mnist");
  }
  return dataset;
}

}  // namespace ebm::data
