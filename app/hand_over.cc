#include "app/hand_over.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include "base/error.h"

namespace ebm::app {

void hand_over_to_torch(char** argv) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = (self.parent_path() / "ebm-torch").string();
  if (!error) ::execv(program.c_str(), argv);
  throw Error(ErrorCode::kInternal, "cannot start " + program + ": " +
                                        (error ? error.message() : std::strerror(errno)) +
                                        "; this command needs a build with LibTorch");
}

}  // namespace ebm::app
