#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ebm::report {

/// How often a text has a part.
inline std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++n;
  return n;
}

}  // namespace ebm::report
