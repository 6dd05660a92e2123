#include "data/formats/idx_dataset.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/system/home_folder.h"
#include "data/formats/channel_order.h"
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

/// The file `path`, or the file of the same name in the folder `path`: some archives are unpacked
/// to train-images-idx3-ubyte/train-images-idx3-ubyte.
std::optional<fs::path> file_at(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    // A broken link stays: that its file is not there is said when it is read.
    const bool is_there = fs::exists(path, ignored) || fs::is_symlink(path, ignored);
    return is_there ? std::optional(path) : std::nullopt;
  }
  const fs::path inside = path / path.filename();
  return fs::is_regular_file(inside, ignored) ? std::optional(inside) : std::nullopt;
}

std::string name_of_labels(std::string name) {
  replace(name, "images", "labels");
  replace(name, "idx3", "idx1");
  replace(name, "idx4", "idx1");
  return name;
}

/// The file with the labels of `images`, if there is one.
std::optional<fs::path> labels_beside(const fs::path& images) {
  const std::string name = images.filename().string();
  if (name.find("images") == std::string::npos) return std::nullopt;
  const fs::path folder = images.parent_path();
  std::vector<fs::path> places{folder / name_of_labels(name)};
  if (folder.filename() == name) {
    const std::string labels = name_of_labels(name);
    places.push_back(folder.parent_path() / labels);
  }
  for (const fs::path& place : places) {
    const std::string plain = place.string();
    const std::string other =
        plain.ends_with(".gz") ? plain.substr(0, plain.size() - 3) : plain + ".gz";
    for (const std::string& candidate : {plain, other}) {
      if (auto file = file_at(candidate)) return file;
    }
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

/// The files of a folder that may be the images of a split, by name without .gz: those without a
/// prefix if there are any. Folders of such names count only if there is no such file.
std::map<std::string, fs::path> images_in(const fs::path& folder, Split split) {
  const std::vector<fs::path> content = list_folder(folder);
  for (const bool takes_folders : {false, true}) {
    // Natural order puts the plain file first, and emplace keeps it.
    std::map<std::string, fs::path> plain_names, prefixed_names;
    for (const fs::path& path : content) {
      const std::string name = path.filename().string();
      const std::string stem = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
      const auto prefix = prefix_of_images(stem, split);
      std::error_code ignored;
      if (!prefix || fs::is_directory(path, ignored) != takes_folders) continue;
      const auto file = file_at(path);
      if (file) (prefix->empty() ? plain_names : prefixed_names).emplace(stem, *file);
    }
    if (!plain_names.empty()) return plain_names;
    if (!prefixed_names.empty()) return prefixed_names;
  }
  return {};
}

/// The folders below `folder` that hold images of a split, as MNIST/raw does of torchvision's root.
std::vector<fs::path> folders_below(const fs::path& folder, Split split) {
  constexpr int kMaxDepth = 3;
  constexpr std::size_t kMaxFolders = 1000;
  std::vector<fs::path> found, level{folder};
  std::size_t n_seen = 0;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    std::vector<fs::path> next;
    for (const fs::path& parent : level) {
      for (const fs::path& path : list_folder(parent)) {
        std::error_code ignored;
        if (!fs::is_directory(path, ignored) || fs::is_symlink(path, ignored)) continue;
        if (++n_seen > kMaxFolders) return found;
        if (images_in(path, split).empty()) {
          next.push_back(path);
        } else {
          found.push_back(path);
        }
      }
    }
    level = std::move(next);
  }
  return found;
}

[[noreturn]] void fail_without_images(const fs::path& folder, Split split,
                                      const std::vector<fs::path>& below) {
  std::string where;
  for (const fs::path& path : below) where += (where.empty() ? "" : " and ") + path.string();
  throw Error(ErrorCode::kNoInput,
              folder.string() + ": holds no " + (split == Split::kTest ? "t10k" : "train") +
                  "-images-idx3-ubyte, plain or .gz, for split=" + to_string(split) +
                  (below.empty() ? "" : "; found in " + where + ", give one of them"));
}

/// The images file of one split of a folder.
fs::path find_images(const fs::path& folder, Split split) {
  const auto found = images_in(folder, split);
  if (found.empty()) {
    const std::vector<fs::path> below = folders_below(folder, split);
    if (below.size() != 1) fail_without_images(folder, split, below);
    return find_images(below[0], split);
  }
  if (found.size() > 1) {
    throw Error(ErrorCode::kBadData, folder.string() + ": " + found.begin()->first + " and " +
                                         std::next(found.begin())->first +
                                         " both fit split=" + to_string(split) +
                                         ", expected one; give the file as idx:FILE");
  }
  return found.begin()->second;
}

Dataset read_images(const fs::path& path, std::optional<Layout> layout) {
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
  dataset.values = std::move(images.values);
  if (dims.size() == 4) {
    set_image_shape(dims, layout, path.string(), dataset);
  } else {
    require_no_layout(layout, dims, path.string());
    dataset.shape = {.channels = 1, .height = dims[1], .width = dims[2]};
  }
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

/// The folder below `folder` that is named after Fashion-MNIST, so that MNIST is not taken for it.
fs::path fashion_mnist_below(const fs::path& folder, Split split) {
  if (!images_in(folder, split).empty()) return folder;
  const std::vector<fs::path> below = folders_below(folder, split);
  std::vector<fs::path> found;
  for (const fs::path& path : below) {
    std::string name = path.lexically_relative(folder).string();
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (name.find("fashion") != std::string::npos) found.push_back(path);
  }
  if (found.size() != 1) fail_without_images(folder, split, below);
  return found[0];
}

}  // namespace

Dataset load_idx(const fs::path& file_or_folder, std::optional<Split> split,
                 std::optional<Layout> layout) {
  const bool folder = is_folder(file_or_folder);
  if (!folder && split) {
    throw Error(ErrorCode::kUsage, "split=" + to_string(*split) +
                                       " picks a file of a folder, but " + file_or_folder.string() +
                                       " is a file; omit the option or give the folder");
  }
  const fs::path images =
      folder ? find_images(file_or_folder, split.value_or(Split::kTrain)) : file_or_folder;
  Dataset dataset = read_images(images, layout);
  if (const auto labels = labels_beside(images)) read_labels(*labels, images, dataset);
  return dataset;
}

Dataset load_fashion_mnist(std::optional<Split> split) {
  const char* variable = std::getenv("EBM_DATA");
  fs::path folder = kDebianFolder;
  std::error_code ignored;
  if (variable != nullptr && *variable != '\0') {
    folder = base::expand_home(variable);
    if (fs::is_directory(folder / "fashion-mnist", ignored)) folder /= "fashion-mnist";
  }
  if (!fs::exists(folder, ignored)) {
    throw Error(ErrorCode::kNoInput, "fashion-mnist: no folder " + folder.string() +
                                         "; apt install dataset-fashion-mnist, or set EBM_DATA " +
                                         "to the folder that holds its files");
  }
  const Split part = split.value_or(Split::kTrain);
  folder = fashion_mnist_below(folder, part);
  Dataset dataset = load_idx(folder, part);
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
