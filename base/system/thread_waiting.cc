#include "base/system/thread_waiting.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/system/openmp_settings.h"

namespace ebm::base {

namespace {

bool is_set(const char* variable) { return std::getenv(variable) != nullptr; }

bool has_list(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && std::strchr(value, ',') != nullptr;
}

/// Keeps threads from having threads of their own. @return whether the environment was changed
bool forbid_nested_threads() {
  bool is_changed = false;
  if (has_list("OMP_NUM_THREADS")) {  // what is behind the comma is for threads of threads
    const std::string numbers = std::getenv("OMP_NUM_THREADS");
    ::setenv("OMP_NUM_THREADS", numbers.substr(0, numbers.find(',')).c_str(), 1);
    is_changed = true;
  }
  const char* levels = std::getenv("OMP_MAX_ACTIVE_LEVELS");
  const bool has_levels = levels != nullptr
                              ? std::strcmp(levels, "0") != 0 && std::strcmp(levels, "1") != 0
                              : is_set("OMP_NESTED") || has_list("OMP_PROC_BIND");
  if (has_levels) {
    ::setenv("OMP_MAX_ACTIVE_LEVELS", "1", 1);
    is_changed = true;
  }
  return is_changed;
}

}  // namespace

void let_waiting_threads_sleep(char** argv) {
  const bool was_nested = forbid_nested_threads();
  forget_refused_settings();
  const bool has_waiting = is_set("OMP_WAIT_POLICY") || is_set("GOMP_SPINCOUNT");
  if (has_waiting && !was_nested) return;
  // Measured in docs/performance.md: no slower than longer turns on a quiet machine.
  if (!has_waiting) ::setenv("GOMP_SPINCOUNT", "1000", 1);
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  // Where that is not to be had, the program goes on as it is.
  if (!error) ::execv(self.c_str(), argv);
}

}  // namespace ebm::base
