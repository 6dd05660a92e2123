// A library to preload (LD_PRELOAD): calls of the system on files below one folder are counted by
// kind, and one of them fails. The environment says what it does:
//   EBM_FAULT_FOLDER  absolute path of the folder; without it nothing is counted
//   EBM_FAULT_LOG     a file elsewhere, to which a line "KIND PATH" is added for each call, and
//                     "fault KIND PATH" for one that fails
//   EBM_FAULT_CALL    the kind of the call that fails: open, read, write, sync, close, truncate,
//                     rename, exchange, mkdir, unlink, opendir, lock, chmod, map
//   EBM_FAULT_NUMBER  which of these calls, from 1
//   EBM_FAULT_ERROR   the errno, as a number, or "short": a read or write of half the bytes
//   EBM_FAULT_LASTS   if set, all later calls of this kind fail too
// Files are not synced, as tests need no durable ones.

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

constexpr int kMaxFiles = 1024;

struct Settings {
  std::string folder, call;
  int log = -1;
  int error = 0;
  bool is_short = false, lasts = false;
  long number = 0;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

const Settings& settings() {
  static const Settings* const made = [] {
    auto* now = new Settings;
    now->folder = environment("EBM_FAULT_FOLDER");
    now->call = environment("EBM_FAULT_CALL");
    now->number = std::atol(environment("EBM_FAULT_NUMBER").c_str());
    now->is_short = environment("EBM_FAULT_ERROR") == "short";
    now->error = std::atoi(environment("EBM_FAULT_ERROR").c_str());
    now->lasts = !environment("EBM_FAULT_LASTS").empty();
    const std::string log = environment("EBM_FAULT_LOG");
    if (!log.empty()) {
      const long fd = ::syscall(SYS_openat, AT_FDCWD, log.c_str(),
                                O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
      // Out of the way: tests close standard streams and count descriptors.
      now->log = static_cast<int>(::syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900));
      ::syscall(SYS_close, fd);
    }
    return now;
  }();
  return *made;
}

/// Paths of the open files below the folder, by descriptor. Never freed: programs use files when
/// destructors of this library would have run.
std::string& path_of(int fd) {
  static std::string* const paths = new std::string[kMaxFiles];
  static std::string* const none = new std::string;
  if (fd >= 0 && fd < kMaxFiles) return paths[fd];
  none->clear();
  return *none;
}

/// The absolute path of `path`, seen from the folder `fd`; empty unless it is below the folder.
std::string counted_path(int fd, const char* path) {
  if (settings().folder.empty() || path == nullptr) return "";
  std::string whole = path;
  if (path[0] != '/') {
    char here[4096];
    if (fd != AT_FDCWD) {
      whole = path_of(fd).empty() ? "" : path_of(fd) + "/" + path;
    } else if (::syscall(SYS_getcwd, here, sizeof here) > 0) {
      whole = std::string(here) + "/" + path;
    }
  }
  return whole.rfind(settings().folder + "/", 0) == 0 ? whole : "";
}

void write_log(const std::string& line) {
  if (settings().log >= 0) {
    ::syscall(SYS_write, settings().log, line.data(), line.size());
  }
}

enum class Fate { kNormal, kFails, kShort };

/// Counts a call on `path`, and says what happens to it; the errno of one that fails is set.
Fate count(const char* call, const std::string& path) {
  if (path.empty()) return Fate::kNormal;
  write_log(std::string(call) + " " + path + "\n");
  if (settings().call != call) return Fate::kNormal;
  static std::atomic<long> n_calls{0};
  const long n = ++n_calls;
  if (n != settings().number && !(settings().lasts && n > settings().number)) return Fate::kNormal;
  write_log("fault " + std::string(call) + " " + path + "\n");
  if (settings().is_short) return Fate::kShort;
  errno = settings().error;
  return Fate::kFails;
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const std::string counted = counted_path(folder, path);
  if (count("open", counted) == Fate::kFails) return -1;
  const int fd = static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
  if (fd >= 0) path_of(fd) = counted;
  return fd;
}

/// Half of `n`, but something.
std::size_t half(std::size_t n) { return n > 1 ? n / 2 : n; }

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define MODE_ARGUMENT(flags)                                 \
  mode_t mode = 0;                                           \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {              \
    va_list arguments;                                       \
    va_start(arguments, flags);                              \
    mode = static_cast<mode_t>(va_arg(arguments, unsigned)); \
    va_end(arguments);                                       \
  }

extern "C" {

int open(const char* path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
  MODE_ARGUMENT(flags)
  return open_at(folder, path, flags, mode);
}

ssize_t read(int fd, void* bytes, size_t n) {
  const Fate fate = count("read", path_of(fd));
  if (fate == Fate::kFails) return -1;
  return ::syscall(SYS_read, fd, bytes, fate == Fate::kShort ? half(n) : n);
}

ssize_t pread(int fd, void* bytes, size_t n, off_t at) {
  const Fate fate = count("read", path_of(fd));
  if (fate == Fate::kFails) return -1;
  return ::syscall(SYS_pread64, fd, bytes, fate == Fate::kShort ? half(n) : n, at);
}
ssize_t pread64(int fd, void* bytes, size_t n, off_t at) { return pread(fd, bytes, n, at); }

ssize_t write(int fd, const void* bytes, size_t n) {
  const Fate fate = count("write", path_of(fd));
  if (fate == Fate::kFails) return -1;
  return ::syscall(SYS_write, fd, bytes, fate == Fate::kShort ? half(n) : n);
}
ssize_t pwrite(int fd, const void* bytes, size_t n, off_t at) {
  const Fate fate = count("write", path_of(fd));
  if (fate == Fate::kFails) return -1;
  return ::syscall(SYS_pwrite64, fd, bytes, fate == Fate::kShort ? half(n) : n, at);
}
ssize_t pwrite64(int fd, const void* bytes, size_t n, off_t at) { return pwrite(fd, bytes, n, at); }

int fsync(int fd) { return count("sync", path_of(fd)) == Fate::kFails ? -1 : 0; }
int fdatasync(int fd) { return fsync(fd); }

int close(int fd) {
  const Fate fate = count("close", path_of(fd));
  const int error = errno;
  path_of(fd).clear();
  const int result = static_cast<int>(::syscall(SYS_close, fd));
  if (fate != Fate::kFails) return result;
  errno = error;
  return -1;
}

int ftruncate(int fd, off_t size) {
  if (count("truncate", path_of(fd)) == Fate::kFails) return -1;
  return static_cast<int>(::syscall(SYS_ftruncate, fd, size));
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  const char* call = (flags & RENAME_EXCHANGE) != 0 ? "exchange" : "rename";
  if (count(call, counted_path(to_folder, to)) == Fate::kFails) return -1;
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}
int rename(const char* from, const char* to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int mkdirat(int folder, const char* path, mode_t mode) {
  if (count("mkdir", counted_path(folder, path)) == Fate::kFails) return -1;
  return static_cast<int>(::syscall(SYS_mkdirat, folder, path, mode));
}
int mkdir(const char* path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int unlinkat(int folder, const char* path, int flags) {
  if (count("unlink", counted_path(folder, path)) == Fate::kFails) return -1;
  return static_cast<int>(::syscall(SYS_unlinkat, folder, path, flags));
}
int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char* path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char* path) {
  if (unlinkat(AT_FDCWD, path, 0) == 0) return 0;
  return errno == EISDIR ? rmdir(path) : -1;
}

DIR* opendir(const char* path) {
  if (count("opendir", counted_path(AT_FDCWD, path)) == Fate::kFails) return nullptr;
  return next<DIR*(const char*)>("opendir")(path);
}
DIR* fdopendir(int fd) {
  if (count("opendir", path_of(fd)) == Fate::kFails) return nullptr;
  return next<DIR*(int)>("fdopendir")(fd);
}
int closedir(DIR* folder) {
  path_of(::dirfd(folder)).clear();
  return next<int(DIR*)>("closedir")(folder);
}

int flock(int fd, int operation) {
  if (count("lock", path_of(fd)) == Fate::kFails) return -1;
  return static_cast<int>(::syscall(SYS_flock, fd, operation));
}

int fchmod(int fd, mode_t mode) {
  if (count("chmod", path_of(fd)) == Fate::kFails) return -1;
  return static_cast<int>(::syscall(SYS_fchmod, fd, mode));
}

void* mmap(void* at, size_t n, int protection, int flags, int fd, off_t offset) {
  if (fd >= 0 && count("map", path_of(fd)) == Fate::kFails) return MAP_FAILED;
  return reinterpret_cast<void*>(::syscall(SYS_mmap, at, n, protection, flags, fd, offset));
}
void* mmap64(void* at, size_t n, int protection, int flags, int fd, off_t offset) {
  return mmap(at, n, protection, flags, fd, offset);
}

}  // extern "C"
