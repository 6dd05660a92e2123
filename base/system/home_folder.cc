#include "base/system/home_folder.h"

#include <cstdlib>

#include "base/error.h"

namespace ebm::base {

std::string expand_home(const std::string& path) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Error(ErrorCode::kUsage,
                path + ": ~ is the folder that the variable HOME names, which is not set");
  }
  return home + path.substr(1);
}

}  // namespace ebm::base
