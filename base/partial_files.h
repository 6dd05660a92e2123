#pragma once

namespace ebm::base {

/// Notes that a file is being written, which a program that ends at once should not leave behind.
/// @param path  stays where it is until forget_partial_file()
void note_partial_file(const char* path);
void forget_partial_file(const char* path);

/// Removes the files noted. Safe to call from a signal handler.
void unlink_partial_files();

}  // namespace ebm::base
