#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace ebm::base {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  /// 0, or the errno of an error that the system kept until now. Interrupted by a signal, the file
  /// is closed nevertheless.
  int close();

 private:
  int fd_;
};

// System calls that are made again where a signal interrupted them.

/// Not open if it fails, with the reason in errno. O_CLOEXEC is added to `flags`.
Descriptor open_file(const std::filesystem::path& path, int flags, mode_t mode = 0);

// These return 0, or the errno.

/// All bytes, in as many pieces as the system takes.
int write_all(int fd, std::span<const std::byte> bytes);
/// The same of pieces that follow one another, from byte `first` of them on.
int write_pieces(int fd, std::span<const std::span<const std::byte>> pieces, std::size_t first = 0);
/// All of them to a file, not a pipe, that is synced next: of 16 MiB or more, most goes to the disk
/// past the system's cache (O_DIRECT) if the file system can do so. A copy there costs time, which
/// a training run that is told to stop has little of, and nobody reads it.
int write_large(int fd, std::span<const std::span<const std::byte>> pieces);
int sync_file(int fd);
int truncate_file(int fd, off_t size);

/// Throws Error(kIo): "cannot `action` `file`: ", and what `reason`, an errno, means.
[[noreturn]] void throw_io_error(const char* action, const std::string& file, int reason);

/// The folder that holds `path`; "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

}  // namespace ebm::base
