#pragma once

#include <string>

#include "base/error.h"

namespace ebm::data {

/// Refuses a file with `FILE: what`. @throws Error{kBadData}
[[noreturn]] inline void bad_file(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::kBadData, file + ": " + what);
}

}  // namespace ebm::data
