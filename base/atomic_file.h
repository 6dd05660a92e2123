#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ebm::base {

/// The bytes of a file to be written, in pieces that follow one another: bytes of its own, and such
/// as lie elsewhere, which outlive it and stay as they are.
class FilePieces {
 public:
  using Views = std::vector<std::span<const std::byte>>;

  FilePieces() = default;
  FilePieces(std::string own) { add(std::move(own)); }  // NOLINT(google-explicit-constructor)
  void add(std::string own) { pieces_.emplace_back(std::move(own)); }
  void add_view(std::span<const std::byte> elsewhere) { pieces_.emplace_back(elsewhere); }

  /// As long as it is not changed.
  Views views() const;
  std::size_t size() const;
  /// A copy of all of them.
  std::string joined() const;

 private:
  std::vector<std::variant<std::string, std::span<const std::byte>>> pieces_;
};

/// Writes `bytes` to `path` so that no reader, crash or full disk ever leaves half a file: the
/// bytes go to a file beside it, are synced, and are renamed over `path`. A symbolic link stays and
/// the file behind it is written; a file that is replaced keeps its permissions. What is no file, a
/// pipe or a device, takes the bytes as they come.
/// @throws Error(kIo) naming the path and the system's reason; what was at `path` is untouched.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);
void write_pieces_atomically(const std::filesystem::path& path, const FilePieces& pieces);

/// A file that is written in pieces and appears whole or not at all: pieces go to a file beside
/// `path`, which commit() syncs and renames over it. Destroyed without commit(), or when a signal
/// ends the program, it leaves nothing behind. Its name until then cannot be guessed, and it is
/// never one that was there before.
class AtomicFile {
 public:
  /// @throws Error(kIo) naming the path and the system's reason, as the others.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  void append(std::span<const std::byte> bytes);
  void append(const FilePieces& pieces);
  void commit();

 private:
  struct Open;
  std::filesystem::path path_;  ///< as the caller named it
  std::unique_ptr<Open> open_;  ///< null once committed
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
/// @throws Error(kNoInput) if it does not exist, Error(kIo) if it cannot be read or is too large
///         for the memory, Error(kBadData) for a device or pipe that gives more than 256 MiB.
std::string read_file(const std::filesystem::path& path);

/// A file of text that people write. @throws Error as read_file() and utf8_text() (base/utf8.h)
std::string read_text_file(const std::filesystem::path& path);

}  // namespace ebm::base
