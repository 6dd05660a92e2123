#pragma once

#include <string>
#include <string_view>

namespace ebm::data {

/// `text` between single quotes, fit for a one-line message whatever it holds: bytes outside
/// printable ASCII become \xNN, and what follows the first 60 bytes becomes "...".
std::string in_quotes(std::string_view text);

/// Lengths as "60000 x 28 x 28"; "()" for none.
template <class Lengths>
std::string by(const Lengths& lengths) {
  std::string text;
  for (const auto length : lengths) text += (text.empty() ? "" : " x ") + std::to_string(length);
  return text.empty() ? "()" : text;
}

}  // namespace ebm::data
