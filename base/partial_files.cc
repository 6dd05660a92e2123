#include "base/partial_files.h"

#include <unistd.h>

#include <atomic>

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

}  // namespace

void note_partial_file(const char* path) { exchange_first(nullptr, path); }
void forget_partial_file(const char* path) { exchange_first(path, nullptr); }

void unlink_partial_files() {
  for (const std::atomic<const char*>& each : g_paths) {
    if (const char* path = each) ::unlink(path);
  }
}

}  // namespace ebm::base
