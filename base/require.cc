#include "base/require.h"

#include <cmath>
#include <string>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::base {
namespace {

[[noreturn]] void refuse(const char* name, const std::string& value, const std::string& right) {
  throw Error(ErrorCode::kUsage, std::string(name) + " = " + value + ": must be " + right);
}

}  // namespace

void require_positive(const char* name, double value) {
  if (!(value > 0.0) || !std::isfinite(value))
    refuse(name, number_text(value), "a positive number");
}

void require_non_negative(const char* name, double value) {
  if (!(value >= 0.0) || !std::isfinite(value)) {
    refuse(name, number_text(value), "0 or a positive number");
  }
}

void require_at_least(const char* name, std::int64_t value, std::int64_t least) {
  if (value < least) {
    refuse(name, std::to_string(value),
           least == 0 ? "0 or more" : "at least " + std::to_string(least));
  }
}

void require_between(const char* name, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    refuse(name, number_text(value), "from " + number_text(low) + " to " + number_text(high));
  }
}

}  // namespace ebm::base
