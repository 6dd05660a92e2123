#include "base/system/thread_waiting.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace ebm::base {

void let_waiting_threads_sleep(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  // Measured in docs/performance.md: no slower than longer turns on a quiet machine.
  ::setenv("GOMP_SPINCOUNT", "1000", 1);
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  // Where that is not to be had, the program goes on as it is.
  if (!error) ::execv(self.c_str(), argv);
}

}  // namespace ebm::base
