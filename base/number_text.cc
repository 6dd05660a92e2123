#include "base/number_text.h"

#include <cstdio>

namespace ebm::base {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

}  // namespace ebm::base
