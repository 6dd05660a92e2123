#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/quote.h"

namespace ebm::base {

/// "undefined" for NaN, "infinite" or "-infinite".
const char* non_finite_word(double value);

/// Cuts the text up to its first conversion, that included, off a format of printf(); all of it if
/// there is none.
std::string cut_format(const char*& format);

/// A format with one conversion, of a number, as that of a text of the same width.
std::string format_of_word(const std::string& format);

/// The text that printf() would print, of any length, but with a word for a number that is not
/// finite, and each text among the values as one_line(): names of files and of their contents may
/// hold line ends and what controls a terminal. Widths are part of the format: it has no '*'.
/// @param values  numbers and texts, std::string included
std::string printed(const char* format, const auto&... values) {
  std::string text;
  const auto print = [&](const std::string& part, auto... value) {
    const int length = std::snprintf(nullptr, 0, part.c_str(), value...);
    std::string piece(static_cast<std::size_t>(length) + 1, '\0');
    std::snprintf(piece.data(), piece.size(), part.c_str(), value...);
    text.append(piece, 0, static_cast<std::size_t>(length));
  };
  [[maybe_unused]] const auto next = [&](const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    const std::string part = cut_format(format);
    if constexpr (std::is_convertible_v<Value, std::string_view>) {
      print(part, one_line(value).c_str());
    } else {
      if constexpr (std::is_floating_point_v<Value>) {
        if (!std::isfinite(value)) {
          return print(format_of_word(part), non_finite_word(static_cast<double>(value)));
        }
      }
      print(part, value);
    }
  };
  (next(values), ...);
  print(cut_format(format), 0);  // which nothing reads
  return text;
}

}  // namespace ebm::base
