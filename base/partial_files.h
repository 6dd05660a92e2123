#pragma once

#include <filesystem>
#include <string>

namespace ebm::base {

/// A name for a file or folder that is to be renamed to `path` when it is whole: hidden, in the
/// same folder, and not to be guessed.
std::filesystem::path partial_name(const std::filesystem::path& path);

/// The same for a folder that is renamed before it is removed.
std::filesystem::path removed_name(const std::filesystem::path& path);

/// Whether `name`, without a folder, is one of the two: a process that was killed left it.
bool is_leftover_name(const std::string& name);

/// Notes that a file is being written, which a program that ends at once should not leave behind.
/// @param path  stays where it is until forget_partial_file()
void note_partial_file(const char* path);
void forget_partial_file(const char* path);

/// Removes the files noted. Safe to call from a signal handler.
void unlink_partial_files();

}  // namespace ebm::base
