#include "base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"
#include "base/partial_files.h"

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

 private:
  int fd_;
};

fs::path folder_of(const fs::path& path) {
  const fs::path parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// A name that no other file being written uses; in the same folder, so that renaming stays on one
/// disk.
fs::path name_beside(const fs::path& path) {
  static std::atomic<std::uint64_t> n_before{0};
  return folder_of(path) / ("." + path.filename().string() + ".partial" + std::to_string(getpid()) +
                            "-" + std::to_string(n_before++));
}

}  // namespace

AtomicFile::AtomicFile(fs::path path)
    : path_(std::move(path)), partial_(name_beside(path_)), fd_(-1) {
  note_partial_file(partial_.c_str());
  fd_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ >= 0) return;
  forget_partial_file(partial_.c_str());
  fail(path_, "write");
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (partial_.empty()) return;
  ::unlink(partial_.c_str());
  forget_partial_file(partial_.c_str());
}

void AtomicFile::append(std::span<const std::byte> bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(fd_, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path_, "write");
    done += static_cast<std::size_t>(n);
  }
}

void AtomicFile::commit() {
  if (::fsync(fd_) != 0) fail(path_, "write");
  const int fd = fd_;
  fd_ = -1;
  if (::close(fd) != 0) fail(path_, "write");
  if (::rename(partial_.c_str(), path_.c_str()) != 0) fail(path_, "write");
  forget_partial_file(partial_.c_str());
  partial_.clear();
  sync_folder(folder_of(path_));
}

void require_free_space(const fs::path& path, std::uint64_t n_bytes) {
  std::error_code error;
  const fs::space_info space = fs::space(folder_of(path), error);
  if (error || space.available >= n_bytes) return;
  throw Error(ErrorCode::kIo, "cannot write " + path.string() + ": needs " +
                                  std::to_string(n_bytes) + " bytes, and the disk has " +
                                  std::to_string(space.available) + " left");
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.append(bytes);
  file.commit();
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
  const AtomicFile probe(path);
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
