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

double plain_double(float value) {
  const std::string text = exact_text(value);
  double plain = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), plain);
  // A decimal may lie so near to the middle of two floats that its double is the middle.
  return static_cast<float>(plain) == value ? plain : double{value};
}

std::vector<double> plain_doubles(std::span<const float> values) {
  std::vector<double> plain;
  plain.reserve(values.size());
  for (const float value : values) plain.push_back(plain_double(value));
  return plain;
}

}  // namespace ebm::base
