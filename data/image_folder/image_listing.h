#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/image_folder/file_list.h"
#include "data/split.h"

namespace ebm::data {

/// The images of a folder that are to be read.
struct ImageListing {
  FileList files;
  std::vector<std::int32_t> labels;      ///< of the files, or empty
  std::vector<std::string> class_names;  ///< or empty
  std::vector<std::string> warnings;     ///< what was passed over, and what may be meant otherwise
};

/// Whether a folder holds the splits of one set, each in a folder of its own: train and test, train
/// and val, or all three, or any of them if there is no other folder. Names count in upper or lower
/// case, also training, testing, valid, validation, dev, eval, trainset, testset and valset; and
/// with something around them (seg_train, train2017) if all its folders are named so. A folder that
/// holds nothing but one other folder is looked through.
/// @throws Error(kBadData) if two folders stand for one split; Error(kNoInput) if it does not
///         exist, Error(kIo) if it cannot be listed.
bool has_split_folders(const std::filesystem::path& folder);

/// Finds the images of a folder, or of one split of it; see load_image_folder. The path of a file
/// is that of one image.
/// @throws Error(kBadData) for a folder or class without images, for images both directly in the
///         folder and in subfolders, and for two folders of one split. Error(kUsage) for a split of
///         a folder without splits, Error(kNoInput) if there is no such folder or split, Error(kIo)
///         if it cannot be listed.
ImageListing list_images(const std::filesystem::path& folder, std::optional<Split> split);

}  // namespace ebm::data
