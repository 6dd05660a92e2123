#include "base/partial_files.h"

#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include "base/posix_file.h"

namespace ebm::base {
namespace {

/// More than any command writes at a time; a file beyond them is not removed.
std::atomic<const char*> g_paths[32];
static_assert(std::atomic<const char*>::is_always_lock_free, "read in a signal handler");

void exchange_first(const char* from, const char* to) {
  for (std::atomic<const char*>& path : g_paths) {
    const char* expected = from;
    if (path.compare_exchange_strong(expected, to)) return;
  }
}

std::string random_digits() {
  constexpr char kHex[] = "0123456789abcdef";
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) < 0) {
    if (errno != EINTR) throw_io_error("read", "random numbers of the system", errno);
  }
  std::string digits;
  for (int i = 0; i < 16; ++i, number >>= 4) digits += kHex[number & 15];
  return digits;
}

/// A long name is cut, so that the new one is not too long for the system.
std::filesystem::path name_beside(const std::filesystem::path& path, const char* mark) {
  const std::string name = path.filename().string().substr(0, 128);
  return folder_of(path) / ("." + name + mark + random_digits());
}

}  // namespace

std::filesystem::path partial_name(const std::filesystem::path& path) {
  return name_beside(path, ".partial");
}

std::filesystem::path removed_name(const std::filesystem::path& path) {
  return name_beside(path, ".removed");
}

bool is_leftover_name(const std::string& name) {
  return name.starts_with('.') &&
         (name.find(".partial") != std::string::npos || name.find(".removed") != std::string::npos);
}

void note_partial_file(const char* path) { exchange_first(nullptr, path); }
void forget_partial_file(const char* path) { exchange_first(path, nullptr); }

void unlink_partial_files() {
  for (const std::atomic<const char*>& each : g_paths) {
    if (const char* path = each) ::unlink(path);
  }
}

}  // namespace ebm::base
