#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace ebm::base {

/// Writes `bytes` to `path` so that no reader, crash or full disk ever leaves half a file: the
/// bytes go to a file beside it, are synced, and are renamed over `path`.
/// @throws Error(kIo) naming the path and the system's reason; what was at `path` is untouched.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// A file that is written in pieces and appears whole or not at all: pieces go to a file beside
/// `path`, which commit() syncs and renames over it. Destroyed without commit(), it leaves nothing
/// behind.
class AtomicFile {
 public:
  /// @throws Error(kIo) naming the path and the system's reason, as the others.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  void append(std::span<const std::byte> bytes);
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;  ///< empty once renamed
  int fd_;
};

/// @throws Error(kIo) unless the disk of `path` has n_bytes free; the message says how many are
/// free.
void require_free_space(const std::filesystem::path& path, std::uint64_t n_bytes);

/// Makes the names in `folder` durable: after a rename, the new name survives a power cut.
void sync_folder(const std::filesystem::path& folder);

/// @throws Error(kIo) unless a file can be created beside `path`; leaves nothing behind. Commands
/// call it before hours of work whose result could not be stored.
void require_writable(const std::filesystem::path& path);

/// The whole file.
/// @throws Error(kNoInput) if it does not exist, Error(kIo) if it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace ebm::base
