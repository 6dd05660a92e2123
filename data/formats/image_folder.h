#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "data/dataset.h"

namespace ebm::data {

struct ImageFolderOptions {
  std::optional<std::int64_t> size = std::nullopt;  ///< crop and resize to size x size (resize.h)
  bool gray = false;                                ///< colour to luma of Rec. 601 (image.h)
  std::optional<int> klass = std::nullopt;          ///< only the images of this class
  std::optional<std::int64_t> limit =
      std::nullopt;  ///< only the first so many; no other file is opened
};

/// PNG and JPEG images in a folder. Files directly in it make a set without labels. Otherwise every
/// subfolder is a class, numbered from 0 in natural order (img2 before img10) and named by the
/// subfolder; its images may lie deeper inside it. Items are in natural order of class, then of
/// path. A file is an image if its name ends in .png, .jpg or .jpeg in upper or lower case, and
/// other files are ignored, as are subfolders whose name begins with a dot. PNG and JPEG are
/// detected by content. If some images are grey and some colour, all become RGB.
/// @throws Error(kBadData) naming the first file that is not a sound image or, without `size`,
///         differs in size from the first; for a folder or class without images; for images both
///         directly in the folder and in subfolders. Error(kNoInput) if there is no such folder,
///         Error(kIo) if a file cannot be read.
Dataset load_image_folder(const std::filesystem::path& folder, const ImageFolderOptions& options);

}  // namespace ebm::data
