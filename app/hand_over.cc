#include "app/hand_over.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "base/error.h"

namespace ebm::app {

namespace {

/// ebm-torch beside this program; empty if the place of this program is unknown.
std::filesystem::path torch_program(std::error_code& error) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : self.parent_path() / "ebm-torch";
}

}  // namespace

bool is_torch_built() {
  std::error_code error;
  return ::access(torch_program(error).c_str(), X_OK) == 0;
}

void hand_over_to_torch(char** argv) {
  std::error_code error;
  const std::string program = torch_program(error).string();
  if (!error) ::execv(program.c_str(), argv);
  throw Error(ErrorCode::kInternal, "cannot start " + program + ": " +
                                        (error ? error.message() : std::strerror(errno)) +
                                        "; this command needs a build with LibTorch");
}

}  // namespace ebm::app
