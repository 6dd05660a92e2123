#pragma once

#include <filesystem>
#include <string>

namespace ebm::base {

// What lies at a path, links followed. Unlike std::filesystem these answer no for a name that is
// too long to exist, and throw Error(kIo) naming the path where the system cannot tell: a folder
// above it may not be searched, its links form a loop.

bool path_exists(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);  ///< no if nothing is there
bool is_file(const std::filesystem::path& path);    ///< no folder, pipe or device

/// Whether `path` is a link that leads to nothing, or round in a circle.
bool is_broken_link(const std::filesystem::path& path);

/// "no such file: PATH", and if PATH or a folder above it is a broken link, where that leads:
/// "; a is a link to b, which is not there".
/// @param what  in place of "file"
std::string no_such_file(const std::filesystem::path& path, const char* what = "file");

}  // namespace ebm::base
