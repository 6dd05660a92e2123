#include "base/output_target.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>

#include "base/error.h"

namespace ebm::base {
namespace fs = std::filesystem;
namespace {

/// Links in /proc stand for open files and name no place that could be written beside.
bool is_in_proc(const fs::path& path) {
  struct statfs system {};
  return ::statfs(folder_of(path).c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

/// N of /proc/self/fd/N, also by another name; -1 for all else.
int own_descriptor(const fs::path& path) {
  std::error_code error;
  if (!fs::equivalent(folder_of(path), "/proc/self/fd", error)) return -1;
  const std::string name = path.filename().string();
  int fd = -1;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), fd);
  return fault == std::errc() && end == name.data() + name.size() ? fd : -1;
}

/// @throws Error(kIo) unless the link at `at` may be followed
void require_trusted_link(const fs::path& path, const fs::path& at, uid_t link_owner) {
  struct stat folder {};
  if (::stat(folder_of(at).c_str(), &folder) != 0) throw_io_error("write", path.string(), errno);
  if (may_follow_link(link_owner, ::geteuid(), folder.st_uid, folder.st_mode)) return;
  throw Error(ErrorCode::kIo, "cannot write " + path.string() +
                                  ": it is a symbolic link that another user made in a folder "
                                  "that all may write to");
}

}  // namespace

bool may_follow_link(uid_t link_owner, uid_t self, uid_t folder_owner, mode_t folder_mode) {
  const bool is_shared = (folder_mode & S_ISVTX) != 0 && (folder_mode & S_IWOTH) != 0;
  return !is_shared || link_owner == self || link_owner == folder_owner;
}

OutputTarget output_target(const fs::path& path) {
  constexpr int kMaxLinks = 40;  // as Linux follows
  fs::path at = path;
  for (int i = 0; i <= kMaxLinks; ++i) {
    struct stat found {};
    if (::lstat(at.c_str(), &found) != 0) {
      if (errno == ENOENT) return {at};
      throw_io_error("write", path.string(), errno);
    }
    const bool is_file = S_ISREG(found.st_mode) || S_ISDIR(found.st_mode);
    if (!S_ISLNK(found.st_mode)) return {at, !is_file};
    if (is_in_proc(at)) return {at, true};
    require_trusted_link(path, at, found.st_uid);
    std::error_code error;
    const fs::path next = fs::read_symlink(at, error);
    if (error) throw_io_error("write", path.string(), error.value());
    at = next.is_absolute() ? next : folder_of(at) / next;
  }
  throw_io_error("write", path.string(), ELOOP);
}

bool is_same_output(const fs::path& one, const fs::path& other) {
  const auto real = [](const fs::path& path) {
    const fs::path target = output_target(path).path;
    std::error_code no_such_path;
    const fs::path canonical = fs::weakly_canonical(fs::absolute(target), no_such_path);
    return no_such_path ? target : canonical;
  };
  return real(one) == real(other);
}

Descriptor open_stream(const OutputTarget& target, const fs::path& path) {
  const int own = own_descriptor(target.path);
  Descriptor file = own >= 0 ? Descriptor(::fcntl(own, F_DUPFD_CLOEXEC, 0))
                             : open_file(target.path, O_WRONLY | O_NOCTTY);
  if (!file.is_open()) throw_io_error("write", path.string(), errno);
  return file;
}

}  // namespace ebm::base
