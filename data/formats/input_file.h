#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ebm::data {

/// Whether `path` is a folder.
/// @throws Error(kNoInput) if nothing is there, Error(kIo) if that cannot be found out.
bool is_folder(const std::filesystem::path& path);

/// The bytes of a file.
/// @throws Error(kNoInput) if it does not exist, Error(kBadData) if it is a folder, Error(kIo) if
///         it cannot be read.
std::string read_input_file(const std::filesystem::path& path);

/// What lies directly in `folder`, in natural order of the names (natural_order.h).
/// @throws Error(kNoInput) if it does not exist, Error(kBadData) if it is a file, Error(kIo) if it
///         cannot be listed.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder);

}  // namespace ebm::data
