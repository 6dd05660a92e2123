#include "base/number_text.h"

#include <cmath>
#include <cstdio>

namespace ebm::base {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";  // which may have a sign
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

}  // namespace ebm::base
