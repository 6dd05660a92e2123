#include "data/image_folder/image_listing.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "data/formats/bad_file.h"
#include "data/formats/input_file.h"
#include "data/formats/natural_order.h"
#include "data/image_folder/folder_content.h"
#include "data/image_folder/passed_over.h"
#include "data/image_folder/split_folders.h"

namespace ebm::data {
namespace fs = std::filesystem;
namespace {

using Names = std::vector<std::string>;

constexpr const char* kExpected = "expected .png, .jpg, .jpeg, .jfif, .jpe or .webp files";

std::string joined(const Names& names, const char* between) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : between) + name;
  return text;
}

/// What may surprise in the names of classes that differ in upper and lower case alone.
void warn_of_equal_letters(const Names& class_names, Names& warnings) {
  std::map<std::string, std::string> seen;
  Names pairs;
  for (const std::string& name : class_names) {
    const auto [first, is_new] = seen.emplace(lower_case(name), name);
    if (!is_new) pairs.push_back(first->second + " and " + name);
  }
  if (pairs.empty()) return;
  warnings.push_back(base::one_line(
      "classes whose names differ in upper and lower case alone are kept apart: " + pairs[0] +
      (pairs.size() > 1 ? " and " + std::to_string(pairs.size() - 1) + " more" : "")));
}

/// The only folder in a folder that holds no images, and so on, if there are several at last.
std::optional<fs::path> several_folders_in(fs::path folder) {
  constexpr int kMaxDepth = 10;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    PassedOver ignored;
    const FolderContent content = list_content(folder, ignored);
    if (!content.images.empty() || content.folders.empty()) return std::nullopt;
    if (content.folders.size() > 1) return folder;
    folder /= content.folders[0];
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
    FolderContent content = list_content(folder_, *passed_over_);
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
      listing = {};
      for (const std::string& image : content.images) listing.files.add(folder_, image);
    }
    add_warnings(content, listing);
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
  void list_below(const fs::path& folder, FileList& files) {
    const FolderContent content = list_content(folder, *passed_over_);
    has_splits_below_ = has_splits_below_ || are_splits(content.folders);
    // In natural order of the names, files and folders mixed.
    auto image = content.images.begin();
    const auto add_images_before = [&](const std::string* name) {
      for (; image != content.images.end() && (!name || natural_less(*image, *name)); ++image) {
        files.add(folder, *image);
      }
    };
    for (const std::string& name : content.folders) {
      add_images_before(&name);
      const fs::path path = folder / name;
      std::error_code ignored;
      if (fs::is_symlink(path, ignored)) {
        passed_over_->add("link to a folder", "links to folders", path);
      } else {
        list_below(path, files);
      }
    }
    add_images_before(nullptr);
  }

  void add_warnings(const FolderContent& content, ImageListing& listing) const {
    const auto warn = [&](const std::string& text) {
      listing.warnings.push_back(base::one_line(text));
    };
    if (has_splits_below_) {
      warn("folders named train and test inside the classes of " + folder_.string() +
           " are read together; splits are expected above the classes");
    }
    if (content.folders.size() == 1 && !listing.labels.empty()) {
      const auto classes = several_folders_in(folder_ / content.folders[0]);
      if (classes) {
        warn("all images of " + folder_.string() + " are of one class, " + content.folders[0] +
             "; if the folders in it are the classes, give images:" + classes->string());
      }
    }
    warn_of_equal_letters(listing.class_names, listing.warnings);
  }

  void require_clear(const FolderContent& content, const ImageListing& listing,
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
  const FolderContent content = list_content(folder, passed_over);
  const bool is_wrapped = content.images.empty() && content.folders.size() == 1 &&
                          content.folders[0] == folder.filename().string();
  return is_wrapped ? folder / content.folders[0] : folder;
}

[[noreturn]] void refuse_split(const fs::path& folder, const SplitFolders& splits, Split split) {
  Names found, others;
  for (const auto& [each, name] : splits.names) {
    found.push_back(name);
    others.push_back("split=" + to_string(each));
  }
  throw Error(ErrorCode::kNoInput,
              folder.string() + ": has no folder for split=" + to_string(split) + ", found " +
                  joined(found, " and ") + "; give " + joined(others, " or "));
}

/// The names of a class in all splits: it has one number, also if one of them lacks another class.
Names classes_of(const SplitFolders& splits) {
  Names class_names;
  for (const auto& [each, name] : splits.names) {
    PassedOver ignored;
    const fs::path inner = innermost(splits.parent / name, ignored);
    const Names found = list_content(inner, ignored).folders;
    class_names.insert(class_names.end(), found.begin(), found.end());
  }
  std::sort(class_names.begin(), class_names.end(),
            [](const std::string& a, const std::string& b) { return natural_less(a, b); });
  class_names.erase(std::unique(class_names.begin(), class_names.end()), class_names.end());
  return class_names;
}

ImageListing list_split(const fs::path& folder, const SplitFolders& splits, Split split,
                        PassedOver& passed_over) {
  if (!splits.names.contains(split)) refuse_split(folder, splits, split);
  const fs::path of_split = splits.parent / splits.names.at(split);
  PassedOver ignored;
  ImageListing listing = Walker(innermost(of_split, ignored), passed_over).list(classes_of(splits));
  const auto warn = [&](const std::string& text) {
    listing.warnings.push_back(base::one_line(text));
  };
  if (splits.names.size() == 1 && split == Split::kTrain) {
    warn(of_split.string() + " is read as the training split, not as a class");
  }
  if (!splits.others.empty()) {
    warn("folders beside the splits passed over: " + joined(splits.others, ", "));
  }
  if (!splits.loose_images.empty()) {
    const std::size_t n = splits.loose_images.size();
    warn(std::to_string(n) + (n == 1 ? " image" : " images") +
         " beside the splits passed over: " + splits.loose_images[0] + (n == 1 ? "" : ", ..."));
  }
  return listing;
}

/// Counts what is passed over from `folder` down to the folder that holds the splits.
PassedOver passed_over_above(const SplitFolders& splits, const fs::path& folder) {
  PassedOver passed_over;
  for (fs::path at = folder;; at /= list_content(at, passed_over).folders[0]) {
    if (at != splits.parent) continue;
    list_content(at, passed_over);
    return passed_over;
  }
}

/// The first of these folders that has the name of a split.
std::optional<std::string> named_as_split(const Names& folders) {
  const auto found = std::find_if(folders.begin(), folders.end(), [](const std::string& name) {
    return split_named(name).has_value();
  });
  return found == folders.end() ? std::nullopt : std::optional(*found);
}

[[noreturn]] void refuse_split_of_classes(const fs::path& folder, Split split) {
  PassedOver ignored;
  const auto named = named_as_split(list_content(folder, ignored).folders);
  const std::string found = named ? " has " + *named + " beside other folders or images: give " +
                                        "images:" + (folder / *named).string()
                                  : " holds no such folders";
  throw Error(ErrorCode::kUsage, "split=" + to_string(split) +
                                     " picks a folder train, test or val, but " + folder.string() +
                                     found);
}

ImageListing list_classes(const fs::path& folder, PassedOver& passed_over) {
  ImageListing listing = Walker(folder, passed_over).list({});
  if (const auto named = named_as_split(listing.class_names)) {
    const std::string path = (folder / *named).string();
    listing.warnings.push_back(base::one_line(path + " is read as a class, as the folders beside " +
                                              "it are no splits; images:" + path +
                                              " reads it alone"));
  }
  return listing;
}

}  // namespace

bool has_split_folders(const fs::path& folder) {
  return is_folder(folder) && find_splits(folder).has_value();
}

ImageListing list_images(const fs::path& folder, std::optional<Split> split) {
  if (!is_folder(folder)) {
    if (split) {
      throw Error(ErrorCode::kUsage, "split=" + to_string(*split) +
                                         " picks a folder train, test or val, but " +
                                         folder.string() + " is a file");
    }
    ImageListing listing;
    listing.files.add(folder.parent_path(), folder.filename().string());
    return listing;
  }
  const auto splits = find_splits(folder);
  if (!splits && split) refuse_split_of_classes(folder, *split);
  PassedOver passed_over = splits ? passed_over_above(*splits, folder) : PassedOver();
  ImageListing listing =
      splits ? list_split(folder, *splits, split.value_or(Split::kTrain), passed_over)
             : list_classes(folder, passed_over);
  if (!passed_over.empty()) listing.warnings.push_back(passed_over.text());
  return listing;
}

}  // namespace ebm::data
