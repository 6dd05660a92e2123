#pragma once

#include <filesystem>

namespace ebm::base {

// What lies at a path, links followed. Unlike std::filesystem these answer no for a name that is
// too long to exist, and throw Error(kIo) naming the path where the system cannot tell: a folder
// above it may not be searched, its links form a loop.

bool path_exists(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);  ///< no if nothing is there
bool is_file(const std::filesystem::path& path);    ///< no folder, pipe or device

}  // namespace ebm::base
