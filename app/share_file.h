#pragma once

#include <filesystem>
#include <optional>

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

}  // namespace ebm::app
