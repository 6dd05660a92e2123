#include "data/image_folder/image_listing.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/input_file.h"
#include "data/formats/natural_order.h"
#include "data/image_folder/passed_over.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

using Names = std::vector<std::string>;

constexpr std::array<std::string_view, 6> kEndings{".png",  ".jpg", ".jpeg",
                                                   ".jfif", ".jpe", ".webp"};
constexpr const char* kExpected = "expected .png, .jpg, .jpeg, .jfif, .jpe or .webp files";

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool has_image_name(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : lower_case(name.substr(dot));
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

/// Folders that other programs leave behind, with thumbnails and the like.
bool is_foreign_folder(const std::string& name) {
  return name.starts_with('.') || name == "__MACOSX" || name == "@eaDir";
}

/// What lies directly in a folder.
struct Content {
  Names folders, images;  ///< their names, in natural order
};

Content content_of(const fs::path& folder, PassedOver& passed_over) {
  Content content;
  for (std::string& name : list_names(folder)) {
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored)) {
      if (!is_foreign_folder(name)) content.folders.push_back(std::move(name));
    } else if (has_image_name(name) && !name.starts_with('.')) {
      content.images.push_back(std::move(name));
    } else {
      passed_over.add_file(name);
    }
  }
  return content;
}

std::optional<Split> split_named(std::string_view word) {
  using Row = std::pair<Split, std::vector<std::string_view>>;
  static const std::array<Row, 3> kWords{
      Row{Split::kTrain, {"train", "training", "trainset"}},
      Row{Split::kTest, {"test", "testing", "testset"}},
      Row{Split::kValidation, {"val", "valid", "validation", "valset", "dev", "eval"}}};
  for (const auto& [split, words] : kWords) {
    if (std::find(words.begin(), words.end(), word) != words.end()) return split;
  }
  return std::nullopt;
}

/// The split in the name of a folder with something around it: "seg_train", "train2017".
std::optional<Split> split_inside(const std::string& name) {
  std::optional<Split> found;
  std::string word;
  for (const char c : name + " ") {
    if (c >= 'a' && c <= 'z') {
      word += c;
      continue;
    }
    const auto split = split_named(word);
    if (split && found) return std::nullopt;
    if (split) found = split;
    word.clear();
  }
  return found;
}

struct SplitFolders {
  std::map<Split, fs::path> folders;
  Names others;  ///< folders beside them
};

/// The splits among folders whose names `split_of` understands, if they are a set's: the training
/// split and another one, each once.
template <class Function>
std::optional<SplitFolders> splits_among(const fs::path& parent, const Names& folders,
                                         Function split_of) {
  SplitFolders splits;
  for (const std::string& name : folders) {
    const std::optional<Split> split = split_of(lower_case(name));
    if (!split) {
      splits.others.push_back(name);
    } else if (!splits.folders.emplace(*split, parent / name).second) {
      return std::nullopt;
    }
  }
  const bool has_both = splits.folders.size() > 1 && splits.folders.contains(Split::kTrain);
  if (!has_both) return std::nullopt;
  return splits;
}

std::optional<SplitFolders> splits_among(const fs::path& parent, const Names& folders) {
  if (auto exact = splits_among(parent, folders, split_named)) return exact;
  auto inside = splits_among(parent, folders, split_inside);
  if (inside && !inside->others.empty()) inside.reset();
  return inside;
}

/// The splits of a folder, or of the only folder in it.
std::optional<SplitFolders> find_splits(const fs::path& folder, PassedOver& passed_over) {
  constexpr int kMaxDepth = 3;
  fs::path at = folder;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    const Content content = content_of(at, passed_over);
    if (!content.images.empty()) return std::nullopt;
    if (auto splits = splits_among(at, content.folders)) return splits;
    if (content.folders.size() != 1) return std::nullopt;
    at /= content.folders[0];
  }
  return std::nullopt;
}

/// Walks through one set: a folder that is no split, or one split.
class Walker {
 public:
  Walker(fs::path folder, PassedOver& passed_over)
      : folder_(std::move(folder)), passed_over_(&passed_over) {}

  /// @param class_names  of all splits, or empty for those of this folder
  ImageListing list(const Names& class_names) {
    Content content = content_of(folder_, *passed_over_);
    ImageListing listing;
    fs::path empty_class;
    for (const std::string& name : content.folders) {
      const std::size_t before = listing.files.size();
      list_below(folder_ / name, listing.files);
      if (listing.files.size() == before && empty_class.empty()) empty_class = folder_ / name;
      listing.labels.resize(listing.files.size(), label_of(name, class_names, listing));
      if (class_names.empty()) listing.class_names.push_back(name);
    }
    if (!class_names.empty()) listing.class_names = class_names;
    require_clear(content, listing, empty_class);
    if (!content.images.empty()) {
      listing = {
          .files = std::move(content.images), .labels = {}, .class_names = {}, .warnings = {}};
      for (std::string& file : listing.files) file = (folder_ / file).string();
    }
    if (has_splits_below_) {
      listing.warnings.push_back(
          base::one_line("folders named train and test inside the classes of " + folder_.string() +
                         " are read together; splits are expected above the classes"));
    }
    return listing;
  }

 private:
  static std::int32_t label_of(const std::string& name, const std::vector<std::string>& class_names,
                               const ImageListing& listing) {
    if (class_names.empty()) return static_cast<std::int32_t>(listing.class_names.size());
    const auto found = std::find(class_names.begin(), class_names.end(), name);
    return static_cast<std::int32_t>(found - class_names.begin());
  }

  /// Appends the images in `folder` and, unless a link (which could lead round in a circle), in its
  /// subfolders.
  void list_below(const fs::path& folder, Names& files) {
    const Content content = content_of(folder, *passed_over_);
    has_splits_below_ = has_splits_below_ || splits_among(folder, content.folders).has_value();
    // In natural order of the names, files and folders mixed.
    auto image = content.images.begin();
    const auto add_images_before = [&](const std::string* name) {
      for (; image != content.images.end() && (!name || natural_less(*image, *name)); ++image) {
        files.push_back((folder / *image).string());
      }
    };
    for (const std::string& name : content.folders) {
      add_images_before(&name);
      const fs::path path = folder / name;
      std::error_code ignored;
      if (fs::is_symlink(path, ignored)) {
        passed_over_->add("links to folders");
      } else {
        list_below(path, files);
      }
    }
    add_images_before(nullptr);
  }

  void require_clear(const Content& content, const ImageListing& listing,
                     const fs::path& empty_class) const {
    if (!content.images.empty() && !listing.files.empty()) {
      bad_file(folder_.string(),
               "found images both directly in it (" + content.images[0] + ") and in subfolders (" +
                   fs::path(listing.files[0]).lexically_relative(folder_).string() +
                   "), expected either all in subfolders, one per class, or none");
    }
    if (!content.images.empty()) return;
    const std::string found = passed_over_->empty() ? "" : "; " + passed_over_->text();
    if (listing.files.empty()) {
      bad_file(folder_.string(), std::string("found no image, ") + kExpected + found);
    }
    if (!empty_class.empty()) {
      bad_file(empty_class.string(), "found no image in this class folder" + found);
    }
  }

  fs::path folder_;
  PassedOver* passed_over_;
  bool has_splits_below_ = false;
};

/// The folder in `folder` if that holds nothing else and has the same name, as archives often do:
/// training_set/training_set.
fs::path innermost(const fs::path& folder, PassedOver& passed_over) {
  const Content content = content_of(folder, passed_over);
  const bool is_wrapped = content.images.empty() && content.folders.size() == 1 &&
                          content.folders[0] == folder.filename().string();
  return is_wrapped ? folder / content.folders[0] : folder;
}

ImageListing list_split(const fs::path& folder, const SplitFolders& splits, Split split,
                        PassedOver& passed_over) {
  if (!splits.folders.contains(split)) {
    std::string found;
    for (const auto& [each, path] : splits.folders) {
      found += (found.empty() ? "" : " and ") + path.filename().string();
    }
    throw Error(ErrorCode::kNoInput, folder.string() + ": has no folder for split=" +
                                         to_string(split) + ", found " + found);
  }
  // A class has one number in all splits, also if one of them lacks another class.
  std::vector<std::string> class_names;
  for (const auto& [each, path] : splits.folders) {
    PassedOver ignored;
    const fs::path inner = innermost(path, ignored);
    const Names found = content_of(inner, ignored).folders;
    class_names.insert(class_names.end(), found.begin(), found.end());
  }
  std::sort(class_names.begin(), class_names.end(),
            [](const std::string& a, const std::string& b) { return natural_less(a, b); });
  class_names.erase(std::unique(class_names.begin(), class_names.end()), class_names.end());
  PassedOver ignored;
  const fs::path inner = innermost(splits.folders.at(split), ignored);
  ImageListing listing = Walker(inner, passed_over).list(class_names);
  if (!splits.others.empty()) {
    std::string names;
    for (const std::string& name : splits.others) names += (names.empty() ? "" : ", ") + name;
    listing.warnings.push_back(base::one_line("folders beside the splits passed over: " + names));
  }
  return listing;
}

}  // namespace

bool has_split_folders(const fs::path& folder) {
  PassedOver ignored;
  return find_splits(folder, ignored).has_value();
}

ImageListing list_images(const fs::path& folder, std::optional<Split> split) {
  PassedOver passed_over;
  ImageListing listing;
  PassedOver above;
  const auto splits = find_splits(folder, above);
  if (splits) {
    passed_over = above;
    listing = list_split(folder, *splits, split.value_or(Split::kTrain), passed_over);
  } else if (split) {
    throw Error(ErrorCode::kUsage, "split=" + to_string(*split) +
                                       " picks a folder train, test or " + "val, but " +
                                       folder.string() + " holds no such folders");
  } else {
    listing = Walker(folder, passed_over).list({});
  }
  if (!passed_over.empty()) listing.warnings.push_back(passed_over.text());
  return listing;
}

}  // namespace ebm::data
