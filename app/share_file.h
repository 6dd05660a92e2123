#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ebm::app {

/// The two places of what comes with the program: ../share/ebm beside it, where an installation
/// puts it, and the source tree that it was built from.
struct ShareFolders {
  std::filesystem::path installed;
  std::filesystem::path in_source;
};
ShareFolders share_folders();

/// The file `name` in the first of these places that has it.
std::optional<std::filesystem::path> share_file(const std::filesystem::path& name);

/// The path of what a user calls `word`: itself where that exists; else, where it is a plain name
/// (no folder, no dot), what comes with the program as FOLDER/WORD + SUFFIX; else itself.
std::filesystem::path path_or_shipped(const std::string& word, const std::string& folder,
                                      const std::string& suffix);

}  // namespace ebm::app
