#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"

namespace ebm::nets {

/// Files of one checkpoint by name, with their bytes.
using CheckpointFiles = std::map<std::string, std::string, std::less<>>;

/// Files that are to be a checkpoint.
using UnwrittenFiles = std::map<std::string, base::FilePieces, std::less<>>;

/// A copy of what they will hold.
CheckpointFiles copied(const UnwrittenFiles& files);
/// Without a copy of `files`, which outlive them.
UnwrittenFiles views_of(const CheckpointFiles& files);

/// The bytes of one of them.
/// @param origin  the checkpoint's folder, for messages
/// @throws Error(kBadData) if there is none of that name.
const std::string& file_of(const CheckpointFiles& files, std::string_view name,
                           const std::string& origin);

/// Called with a one-line message when a damaged checkpoint is skipped.
using Warn = std::function<void(const std::string&)>;

/// parent/NNNNNN, the iteration in at least six digits.
std::filesystem::path checkpoint_path(const std::filesystem::path& parent, std::int64_t iteration);

/// Writes a checkpoint so that it is there whole or not at all: the files and a manifest with their
/// sizes and CRC-32s go to a hidden folder beside it, everything is synced, and the folder is
/// renamed. A checkpoint of the same iteration is replaced.
/// @throws Error(kIo) naming the file and the system's reason; other checkpoints are untouched.
void write_checkpoint(const std::filesystem::path& parent, std::int64_t iteration,
                      const UnwrittenFiles& files);

/// The files of a checkpoint folder, checked against its manifest.
/// @throws Error(kBadData) naming the file that is missing, cut or changed; Error(kNoInput).
CheckpointFiles read_checkpoint(const std::filesystem::path& folder);

/// Iterations of the checkpoints in a folder, ascending; none if it does not exist.
/// @throws Error(kIo) if it cannot be read.
std::vector<std::int64_t> list_checkpoints(const std::filesystem::path& parent);

/// @throws Error(kIo) naming the folder.
void remove_checkpoint(const std::filesystem::path& parent, std::int64_t iteration);

/// The newest checkpoint that is intact; damaged ones are reported to `warn` and skipped.
struct FoundCheckpoint {
  std::int64_t iteration;
  std::filesystem::path folder;
  CheckpointFiles files;
};
/// @throws Error(kNoInput) if there is none at all, Error(kBadData) if all are damaged,
///         Error(kIo) if one cannot be read: it may be sound, and an older one is another model.
FoundCheckpoint newest_checkpoint(const std::filesystem::path& parent, const Warn& warn);

}  // namespace ebm::nets
