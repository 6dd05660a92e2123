#include "samplers/parameter_checks.h"

#include <cmath>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::samplers {

void require_at_least(const std::string& name, std::int64_t value, std::int64_t least) {
  if (value >= least) return;
  throw Error(ErrorCode::kUsage,
              name + " = " + std::to_string(value) + ": must be at least " + std::to_string(least));
}

void require_positive(const std::string& name, double value) {
  if (std::isfinite(value) && value > 0.0) return;
  throw Error(ErrorCode::kUsage,
              name + " = " + base::number_text(value) + ": must be positive and finite");
}

void require_finite(const std::string& name, double value) {
  if (std::isfinite(value)) return;
  throw Error(ErrorCode::kUsage, name + " = " + base::number_text(value) + ": must be finite");
}

void require_finite(const std::string& name, std::span<const float> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    require_finite(name + "[" + std::to_string(i) + "]", double{values[i]});
  }
}

void require_size(const std::string& name, std::size_t found, std::size_t wanted,
                  const std::string& what) {
  if (found == wanted) return;
  throw Error(ErrorCode::kShape, name + " holds " + std::to_string(found) + " values: must be " +
                                     std::to_string(wanted) + ", " + what);
}

void require_given(const std::string& name, const void* value) {
  if (value != nullptr) return;
  throw Error(ErrorCode::kUsage, name + " is null: must be given");
}

}  // namespace ebm::samplers
