#include "base/number_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace ebm::base {
namespace {

template <class Real>
std::string shortest(Real value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";  // which may have a sign
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::string exact_text(double value) { return shortest(value); }

std::string exact_text(float value) { return shortest(value); }

}  // namespace ebm::base
