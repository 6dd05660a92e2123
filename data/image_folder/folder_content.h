#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/image_folder/passed_over.h"

namespace ebm::data {

/// What lies directly in a folder, by name, in natural order.
struct FolderContent {
  std::vector<std::string> folders;  ///< without those that other programs leave behind
  std::vector<std::string> images;   ///< also links to images that are not there
};

/// Lists a folder; what is neither of both is counted in `passed_over`.
/// @throws as list_names() (input_file.h)
FolderContent list_content(const std::filesystem::path& folder, PassedOver& passed_over);

/// ASCII letters in lower case.
std::string lower_case(std::string text);

}  // namespace ebm::data
