#pragma once

#include <cstdio>

#include "base/printed.h"

namespace ebm::app {

/// base::printed() to stdout: a number that is not finite is a word, and a text is one line.
void print(const char* format, const auto&... values) {
  std::fputs(base::printed(format, values...).c_str(), stdout);
}

}  // namespace ebm::app
