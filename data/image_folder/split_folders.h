#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/image_folder/folder_content.h"
#include "data/split.h"

namespace ebm::data {

/// The folders of the splits of one set, and what lies beside them.
struct SplitFolders {
  std::filesystem::path parent;
  std::map<Split, std::string> names;     ///< of the folders in `parent`
  std::vector<std::string> others;        ///< other folders, by name
  std::vector<std::string> loose_images;  ///< by name
};

/// The split that a name stands for, in upper or lower case: train, Testing, VAL.
std::optional<Split> split_named(const std::string& name);

/// Whether folders of these names are the splits of one set, of which training is one.
bool are_splits(const std::vector<std::string>& folders);

/// The splits of a folder, or of the only folder in it, and so on. They are splits
/// - if two or more are named so and training is one of them, whatever is beside them;
/// - if all folders are named so, and no images lie beside them, even a single one;
/// - if all folders have such names with something around them, training and another one.
/// @throws Error(kBadData) if two folders stand for one split, otherwise as list_content().
std::optional<SplitFolders> find_splits(const std::filesystem::path& folder);

}  // namespace ebm::data
