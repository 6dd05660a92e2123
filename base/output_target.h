#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/posix_file.h"

namespace ebm::base {

/// What is behind the path of an output file.
struct OutputTarget {
  std::filesystem::path path;  ///< at the end of a chain of symbolic links; need not exist
  bool is_stream = false;      ///< a device, a pipe or an open file: bytes go there at once
};

/// Follows symbolic links.
/// @throws Error(kIo) for a loop of links, or a link of another user in a folder that all may write
///         to, which the system would not follow either.
OutputTarget output_target(const std::filesystem::path& path);

/// Whether two paths of output files lead to one, of which the later result alone would be left.
/// What a link leads to need not exist.
bool is_same_output(const std::filesystem::path& one, const std::filesystem::path& other);

/// A stream, open for writing. /dev/stdout and the like share the position of the open file.
/// @param path  what the user named, for the message. @throws Error(kIo)
Descriptor open_stream(const OutputTarget& target, const std::filesystem::path& path);

/// Whether a link of the user `link_owner` is one that the user `self` follows in a folder of
/// `folder_owner` with permissions `folder_mode`: Linux' rule fs.protected_symlinks, which holds
/// only where the kernel follows.
bool may_follow_link(uid_t link_owner, uid_t self, uid_t folder_owner, mode_t folder_mode);

}  // namespace ebm::base
