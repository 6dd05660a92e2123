#pragma once

#include <cstdint>
#include <sstream>
#include <string>

#include "base/error.h"

namespace ebm::training {

/// Beyond these limits a number is a slip of the keyboard, and products of them would overflow.
inline constexpr std::int64_t kMaxIterations = 1'000'000'000;
inline constexpr std::int64_t kMaxSteps = 1'000'000;
inline constexpr std::int64_t kMaxChains = 10'000'000;
inline constexpr double kMaxNumber = 1e12;

// Checks of one key of a configuration each. All throw Error(kUsage) with one line: the key, its
// value and what would be right.

template <class T>
[[noreturn]] void refuse(const char* key, const T& value, const std::string& right) {
  std::ostringstream text;
  text << key << " = " << value << ": must be " << right;
  throw Error(ErrorCode::kUsage, text.str());
}

void require_in_range(const char* key, std::int64_t value, std::int64_t min, std::int64_t max);
void require_not_negative(const char* key, double value);  ///< and at most kMaxNumber

/// The options themselves. @throws what their validate() throws.
template <class Options>
const Options& validated(const Options& options) {
  options.validate();
  return options;
}

}  // namespace ebm::training
