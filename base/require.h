#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ebm::base {

// Checks of one option or parameter each. All throw Error(kUsage), or Error(kShape) for a size,
// with one line: its name, the value found and the values allowed.

void require_positive(const std::string& name, double value);      ///< finite and above 0
void require_non_negative(const std::string& name, double value);  ///< finite and 0 or above
void require_finite(const std::string& name, double value);
/// `value` as a float. Not finite is left for another check; what is finite must be 0 or of a size
/// that a float has to full precision, 1.2e-38 to 3.4e38: smaller ones are computed as 0.
float to_float(const std::string& name, double value);
/// Each element finite; the message names the first that is not.
void require_finite(const std::string& name, std::span<const float> values);
void require_at_least(const std::string& name, std::int64_t value, std::int64_t least);
/// Ends included.
void require_between(const std::string& name, double value, double low, double high);
/// `name` holds as many values as `what` says, e.g. ("sds", 3, 2, "one per mean").
void require_size(const std::string& name, std::size_t found, std::int64_t wanted,
                  const std::string& what);
/// A pointer that is not null.
void require_given(const std::string& name, const void* value);

}  // namespace ebm::base
