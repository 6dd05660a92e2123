#include "app/hand_over.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "base/error.h"
#include "base/stop_signal.h"
#include "base/system/memory_limit.h"
#include "base/system/stack_limit.h"
#include "cli/help_text.h"

namespace ebm::app {

namespace {

/// Where its operators run on threads whose stack is what `ulimit -s` says.
constexpr std::uint64_t kTorchStackBytes = std::uint64_t{1} << 20;

/// ebm-torch beside this program; empty if the place of this program is unknown.
std::filesystem::path torch_program(std::error_code& error) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : self.parent_path() / "ebm-torch";
}

/// Prints what to do, for --help, or throws it.
[[noreturn]] void explain_missing_torch(char** argv, const std::string& needs) {
  const std::string what =
      needs +
      " needs LibTorch, which this build of ebm does not have; install libtorch-dev "
      "(scripts/setup.sh does) and build with -DEBM_TORCH=ON, the default";
  bool is_help = false;
  for (char** at = argv + 1; *at != nullptr; ++at) {
    const std::string word = *at;
    is_help |= word == "-h" || word == "--help" || (at == argv + 1 && word == "help");
  }
  if (!is_help) throw Error(ErrorCode::kUsage, what);
  std::printf("%s\n", cli::wrap(what, 80, 0).c_str());
  std::exit(std::fflush(stdout) == 0 ? 0 : ebm::exit_code(ErrorCode::kIo));
}

/// OpenBLAS takes a buffer for each of its threads while it is loaded, and tries for ever where
/// `ulimit -v` leaves it none: so that has to be found before.
void require_address_space_for_torch() {
  int n_threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (const char* name : {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}) {
    const char* text = std::getenv(name);
    if (const int n = text == nullptr ? 0 : std::atoi(text); n > 0)
      n_threads = std::min(n_threads, n);
  }
  // Measured with LibTorch 1.13 and OpenBLAS 0.3.21: shared objects; a buffer and a stack.
  base::require_address_space(620e6 + 144e6 * n_threads, "LibTorch");
}

}  // namespace

bool is_torch_built() {
  std::error_code error;
  return ::access(torch_program(error).c_str(), X_OK) == 0;
}

void hand_over_to_torch(char** argv, const std::string& what) {
  if (!is_torch_built()) explain_missing_torch(argv, what);
  require_address_space_for_torch();
  base::provide_stack(kTorchStackBytes, "LibTorch");
  std::error_code error;
  const std::string program = torch_program(error).string();
  base::let_signals_through();
  if (!error) ::execv(program.c_str(), argv);
  throw Error(ErrorCode::kInternal,
              "cannot start " + program + ": " + (error ? error.message() : std::strerror(errno)));
}

}  // namespace ebm::app
