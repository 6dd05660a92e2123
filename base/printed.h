#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <type_traits>

namespace ebm::base {

/// "undefined" for NaN, "infinite" or "-infinite".
const char* non_finite_word(double value);

/// Cuts the text up to its first conversion, that included, off a format of printf(); all of it if
/// there is none.
std::string cut_format(const char*& format);

/// A format with one conversion, of a number, as that of a text of the same width.
std::string format_of_word(std::string format);

/// The text that printf() would print, of any length, but with a word for a number that is not
/// finite. Widths are part of the format: it has no '*'.
std::string printed(const char* format, auto... values) {
  std::string text;
  const auto print = [&](const std::string& part, auto... value) {
    const int length = std::snprintf(nullptr, 0, part.c_str(), value...);
    std::string piece(static_cast<std::size_t>(length) + 1, '\0');
    std::snprintf(piece.data(), piece.size(), part.c_str(), value...);
    text.append(piece, 0, static_cast<std::size_t>(length));
  };
  [[maybe_unused]] const auto next = [&](auto value) {
    const std::string part = cut_format(format);
    if constexpr (std::is_floating_point_v<decltype(value)>) {
      if (!std::isfinite(value)) {
        return print(format_of_word(part), non_finite_word(static_cast<double>(value)));
      }
    }
    print(part, value);
  };
  (next(values), ...);
  print(cut_format(format));
  return text;
}

}  // namespace ebm::base
