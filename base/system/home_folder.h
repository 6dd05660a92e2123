#pragma once

#include <string>

namespace ebm::base {

/// `path` with the folder named by the variable HOME in place of a leading "~" or "~/", as shells
/// have it at the begin of a word, but not behind `images:` or in other places. Any other path,
/// "~user/..." among them, is returned as it is.
/// @throws Error(kUsage) if HOME is not set.
std::string expand_home(const std::string& path);

}  // namespace ebm::base
