#pragma once

#include <cstdint>

namespace ebm::base {

/// Checks of one option each. @throws Error(kUsage): "name = value: must be ..."
void require_positive(const char* name, double value);      ///< finite and above 0
void require_non_negative(const char* name, double value);  ///< finite and 0 or above
void require_at_least(const char* name, std::int64_t value, std::int64_t least);
void require_between(const char* name, double value, double low, double high);  ///< ends included

}  // namespace ebm::base
