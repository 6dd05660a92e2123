#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "data/image.h"
#include "data/on_read.h"
#include "data/split.h"

namespace ebm::data {

struct ImageFolderOptions {
  std::optional<Split> split = std::nullopt;        ///< train unless given, of a set with splits
  std::optional<std::int64_t> size = std::nullopt;  ///< crop and resize to size x size (resize.h)
  bool gray = false;                                ///< colour to luma of Rec. 601 (image.h)
  std::optional<std::string> klass = std::nullopt;  ///< only images of this class (class_label.h)
  std::optional<std::int64_t> limit =
      std::nullopt;  ///< only the first so many; no other file is opened
  std::optional<std::int64_t> item = std::nullopt;  ///< only this one of those, counted from 0
  std::optional<Color> background = std::nullopt;   ///< behind transparent pixels; black, with a
                                                    ///< warning, unless given
  bool skip_bad = false;  ///< leave out files that are not sound, and name them in a warning
  OnRead on_read = {};
};

/// PNG, JPEG and WebP images in a folder; of the path of a file that image, whatever its name.
/// Files directly in it make a set without labels. Otherwise every subfolder is a class, numbered
/// from 0 in natural order (img2 before img10) and named by the subfolder; its images may lie
/// deeper inside it. Items are in natural order of class, then of path. Folders train and test (or
/// val) are the splits of one set, each with its classes (image_listing.h); a class has the same
/// number in all.
///
/// A file is an image if its name ends in .png, .jpg, .jpeg, .jfif, .jpe or .webp in upper or lower
/// case. Other files and those whose name begins with a dot are passed over and counted in a
/// warning; folders whose name begins with a dot, __MACOSX and \@eaDir are passed over. The format
/// is detected by content. Images are turned upright by their EXIF orientation. If some images are
/// grey and some colour, all become RGB.
/// @throws Error(kBadData) naming the first file that is not a sound image (unless `skip_bad`) or,
///         without `size`, differs in size from the first; for a folder or class without images;
///         for images both directly in the folder and in subfolders; for a class that is not there.
///         Error(kUsage) for a split of a folder without splits. Error(kNoInput) if there is no
///         such folder or split, Error(kIo) if a file cannot be read.
Dataset load_image_folder(const std::filesystem::path& folder, const ImageFolderOptions& options);

}  // namespace ebm::data
