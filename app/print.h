#pragma once

#include <cstdio>

#include "base/printed.h"

namespace ebm::app {

/// base::printed() to stdout: a number that is not finite is a word.
void print(const char* format, auto... values) {
  std::fputs(base::printed(format, values...).c_str(), stdout);
}

}  // namespace ebm::app
