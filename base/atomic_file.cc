#include "base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"

namespace ebm::base {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& path, const char* action) {
  throw Error(ErrorCode::kIo,
              "cannot " + std::string(action) + " " + path.string() + ": " + std::strerror(errno));
}

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

fs::path folder_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// A name that no other process uses; in the same folder, so that renaming stays on one disk.
fs::path name_beside(const fs::path& path) {
  return folder_of(path) / ("." + path.filename().string() + ".partial" + std::to_string(getpid()));
}

/// Removes the partial file unless it was renamed. Does not touch errno.
class PartialFile {
 public:
  explicit PartialFile(fs::path path) : path_(std::move(path)) {}
  ~PartialFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  const fs::path& path() const { return path_; }
  void release() { path_.clear(); }

 private:
  fs::path path_;
};

}  // namespace

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  PartialFile partial(name_beside(path));
  Descriptor fd(::open(partial.path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (fd.get() < 0) {
    const int reason = errno;
    partial.release();
    errno = reason;
    fail(path, "write");
  }
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(fd.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path, "write");
    done += static_cast<std::size_t>(n);
  }
  if (::fsync(fd.get()) != 0 || !fd.close()) fail(path, "write");
  if (::rename(partial.path().c_str(), path.c_str()) != 0) fail(path, "write");
  partial.release();
  sync_folder(folder_of(path));
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

void sync_folder(const fs::path& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do then.
  if (fd.get() < 0 || (::fsync(fd.get()) != 0 && errno != EINVAL)) fail(folder, "sync");
}

void require_writable(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw Error(ErrorCode::kIo, "cannot write " + path.string() + ": it is a folder");
  }
  PartialFile probe(name_beside(path));
  const Descriptor fd(::open(probe.path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (fd.get() < 0) {
    const int reason = errno;
    probe.release();
    errno = reason;
    fail(path, "write");
  }
}

std::string read_file(const fs::path& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0 && errno == ENOENT) {
    throw Error(ErrorCode::kNoInput, "no such file: " + path.string());
  }
  if (fd.get() < 0) fail(path, "read");
  std::string text;
  std::size_t done = 0;
  for (;;) {
    text.resize(done + (std::size_t{1} << 20));
    const ssize_t n = ::read(fd.get(), text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path, "read");
    done += static_cast<std::size_t>(n);
    if (n == 0) break;
  }
  text.resize(done);
  return text;
}

}  // namespace ebm::base
