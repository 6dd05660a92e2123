#include "base/printed.h"

#include <cstring>

namespace ebm::base {

const char* non_finite_word(double value) {
  return std::isnan(value) ? "undefined" : value > 0.0 ? "infinite" : "-infinite";
}

std::string cut_format(const char*& format) {
  const char* at = format;
  while (*at != '\0') {
    if (*at++ != '%') continue;
    if (*at == '%') {
      ++at;
      continue;
    }
    at += std::strcspn(at, "diouxXeEfFgGaAcspn");
    if (*at != '\0') ++at;
    break;
  }
  std::string part(format, at);
  format = at;
  return part;
}

std::string format_of_word(const std::string& format) {
  const std::size_t start = format.rfind('%');
  const std::size_t digits = format.find_first_not_of("-+# 0", start + 1);
  const std::size_t end = format.find_first_not_of("0123456789", digits);
  const bool is_left = format.substr(start, digits - start).find('-') != std::string::npos;
  return format.substr(0, start) + (is_left ? "%-" : "%") + format.substr(digits, end - digits) +
         "s";
}

}  // namespace ebm::base
