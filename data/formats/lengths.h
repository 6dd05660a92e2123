#pragma once

#include <string>

namespace ebm::data {

/// Lengths as "60000 x 28 x 28"; "()" for none.
template <class Lengths>
std::string by(const Lengths& lengths) {
  std::string text;
  for (const auto length : lengths) text += (text.empty() ? "" : " x ") + std::to_string(length);
  return text.empty() ? "()" : text;
}

}  // namespace ebm::data
