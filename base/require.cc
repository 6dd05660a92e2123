#include "base/require.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::base {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& value,
                         const std::string& right) {
  throw Error(ErrorCode::kUsage, name + " = " + value + ": must be " + right);
}

}  // namespace

void require_positive(const std::string& name, double value) {
  if (!(value > 0.0) || !std::isfinite(value))
    refuse(name, number_text(value), "a positive number");
}

void require_non_negative(const std::string& name, double value) {
  if (!(value >= 0.0) || !std::isfinite(value)) {
    refuse(name, number_text(value), "0 or a positive number");
  }
}

void require_finite(const std::string& name, double value) {
  if (!std::isfinite(value)) refuse(name, number_text(value), "finite");
}

float to_float(const std::string& name, double value) {
  using Limits = std::numeric_limits<float>;
  const double size = std::abs(value);
  if (std::isfinite(value) && value != 0.0 &&
      !(size >= double{Limits::min()} && size <= double{Limits::max()})) {
    refuse(name, number_text(value),
           "of a size from 1.2e-38 to 3.4e+38, as it is computed in float32");
  }
  return static_cast<float>(value);
}

void require_finite(const std::string& name, std::span<const float> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    require_finite(name + "[" + std::to_string(i) + "]", static_cast<double>(values[i]));
  }
}

void require_at_least(const std::string& name, std::int64_t value, std::int64_t least) {
  if (value < least) {
    refuse(name, std::to_string(value),
           least == 0 ? "0 or more" : "at least " + std::to_string(least));
  }
}

void require_between(const std::string& name, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    refuse(name, number_text(value), "from " + number_text(low) + " to " + number_text(high));
  }
}

void require_size(const std::string& name, std::size_t found, std::int64_t wanted,
                  const std::string& what) {
  if (static_cast<std::int64_t>(found) == wanted) return;
  throw Error(ErrorCode::kShape, name + " holds " + std::to_string(found) + " values: must be " +
                                     std::to_string(wanted) + ", " + what);
}

void require_given(const std::string& name, const void* value) {
  if (value != nullptr) return;
  throw Error(ErrorCode::kUsage, name + " is null: must be given");
}

}  // namespace ebm::base
