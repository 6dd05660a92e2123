#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/output_target.h"
#include "base/partial_files.h"
#include "base/path_kind.h"
#include "base/posix_file.h"
#include "base/utf8.h"

namespace ebm::base {
namespace fs = std::filesystem;
namespace {

/// "x.npy", or "x.npy, a link to /data/x.npy": what a message names.
std::string named(const fs::path& path, const OutputTarget& target) {
  if (target.path == path) return path.string();
  return path.string() + ", a link to " + target.path.string();
}

/// Gives a new file the permissions of the one that it will replace, if there is one.
/// @return 0, or the errno: also if that one may not be written
int keep_permissions(int fd, const fs::path& replaced) {
  struct stat now {
  }, before{};
  if (::stat(replaced.c_str(), &before) != 0) return errno == ENOENT ? 0 : errno;
  if (!S_ISREG(before.st_mode)) return 0;  // renaming says what is wrong
  if (::access(replaced.c_str(), W_OK) != 0 || ::fstat(fd, &now) != 0) return errno;
  constexpr mode_t kPermissions = S_IRWXU | S_IRWXG | S_IRWXO;
  if ((now.st_mode & kPermissions) == (before.st_mode & kPermissions)) return 0;
  return ::fchmod(fd, before.st_mode & kPermissions) == 0 ? 0 : errno;
}

/// Makes the names in a folder durable. @return 0, or the errno
int sync_names(const fs::path& folder) {
  const Descriptor file = open_file(folder, O_RDONLY | O_DIRECTORY);
  // One that this user may write but not list cannot be opened.
  if (!file.is_open()) return errno == EACCES ? 0 : errno;
  // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do then.
  const int reason = sync_file(file.get());
  return reason == EINVAL ? 0 : reason;
}

}  // namespace

FilePieces::Views FilePieces::views() const {
  Views views;
  for (const auto& piece : pieces_) {
    const auto view =
        std::visit([](const auto& bytes) { return std::as_bytes(std::span(bytes)); }, piece);
    if (!view.empty()) views.push_back(view);
  }
  return views;
}

std::size_t FilePieces::size() const {
  std::size_t n_bytes = 0;
  for (const auto& view : views()) n_bytes += view.size();
  return n_bytes;
}

std::string FilePieces::joined() const {
  std::string all;
  all.reserve(size());
  for (const auto& view : views()) {
    all.append(reinterpret_cast<const char*>(view.data()), view.size());
  }
  return all;
}

/// What is open until the file is whole.
struct AtomicFile::Open {
  explicit Open(const fs::path& path) : target(output_target(path)) {
    if (target.is_stream) {
      file = open_stream(target, path);
      return;
    }
    partial = partial_name(target.path);
    note_partial_file(partial.c_str());
    file = open_file(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
    is_made = file.is_open();
    int reason = is_made ? 0 : errno;
    if (is_made) reason = keep_permissions(file.get(), target.path);
    if (reason == 0) return;
    discard();
    throw_io_error("write", named(path, target), reason);
  }
  ~Open() { discard(); }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;

  void discard() {
    if (is_made) ::unlink(partial.c_str());
    if (!partial.empty()) forget_partial_file(partial.c_str());
  }

  OutputTarget target;
  fs::path partial;      // empty for a stream
  bool is_made = false;  // and not yet renamed
  Descriptor file;
};

AtomicFile::AtomicFile(fs::path path)
    : path_(std::move(path)), open_(std::make_unique<Open>(path_)) {}

AtomicFile::~AtomicFile() = default;

void AtomicFile::append(std::span<const std::byte> bytes) {
  FilePieces one;
  one.add_view(bytes);
  append(one);
}

void AtomicFile::append(const FilePieces& pieces) {
  const int fd = open_->file.get();
  const FilePieces::Views views = pieces.views();
  const int reason = open_->target.is_stream ? write_pieces(fd, views) : write_large(fd, views);
  if (reason != 0) throw_io_error("write", named(path_, open_->target), reason);
}

void AtomicFile::commit() {
  Open& open = *open_;
  const auto require = [&](int reason) {
    if (reason != 0) throw_io_error("write", named(path_, open.target), reason);
  };
  if (open.target.is_stream) {
    require(open.file.close());
    open_.reset();
    return;
  }
  require(sync_file(open.file.get()));
  require(open.file.close());
  require(::rename(open.partial.c_str(), open.target.path.c_str()) == 0 ? 0 : errno);
  open.is_made = false;
  require(sync_names(folder_of(open.target.path)));
  open_.reset();
}

void require_free_space(const fs::path& path, std::uint64_t n_bytes) {
  const OutputTarget target = output_target(path);
  if (target.is_stream) return;
  std::error_code error;
  const fs::space_info space = fs::space(folder_of(target.path), error);
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

void write_pieces_atomically(const fs::path& path, const FilePieces& pieces) {
  AtomicFile file(path);
  file.append(pieces);
  file.commit();
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

void sync_folder(const fs::path& folder) {
  if (const int reason = sync_names(folder); reason != 0) {
    throw_io_error("sync", folder.string(), reason);
  }
}

void require_writable(const fs::path& path) {
  const OutputTarget target = output_target(path);
  if (target.is_stream) {
    if (::access(target.path.c_str(), W_OK) != 0) throw_io_error("write", path.string(), errno);
    return;
  }
  std::error_code ignored;  // whoever opens it says what is wrong
  if (fs::is_directory(target.path, ignored)) {
    throw Error(ErrorCode::kIo, "cannot write " + named(path, target) + ": it is a folder");
  }
  const AtomicFile probe(path);
}

std::string read_file(const fs::path& path) {
  const Descriptor file = open_file(path, O_RDONLY);
  if (!file.is_open() && errno == ENOENT) {
    throw Error(ErrorCode::kNoInput, no_such_file(path));
  }
  if (!file.is_open()) throw_io_error("read", path.string(), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_io_error("read", path.string(), errno);
  // A file in /proc has size 0, and others may grow.
  const std::size_t expected = S_ISREG(status.st_mode) ? status.st_size : 0;
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  // /dev/zero never ends.
  constexpr std::size_t kMaxStreamBytes = std::size_t{256} << 20;
  std::string text;
  try {
    text.reserve(expected + 1);
  } catch (const std::exception&) {  // std::bad_alloc or std::length_error
    throw Error(ErrorCode::kIo, "cannot read " + path.string() + ": its " +
                                    std::to_string(expected) + " bytes do not fit in memory");
  }
  std::size_t done = 0;
  for (;;) {
    if (done == text.size()) text.resize(done < expected ? expected + 1 : done + kPiece);
    const ssize_t n = ::read(file.get(), text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_io_error("read", path.string(), errno);
    done += static_cast<std::size_t>(n);
    if (n == 0) break;
    if (!S_ISREG(status.st_mode) && done > kMaxStreamBytes) {
      throw Error(ErrorCode::kBadData, path.string() +
                                           ": found a device or pipe that gives more than 256 MiB, "
                                           "expected a file");
    }
  }
  text.resize(done);
  return text;
}

std::string read_text_file(const fs::path& path) {
  return utf8_text(read_file(path), path.string());
}

}  // namespace ebm::base
