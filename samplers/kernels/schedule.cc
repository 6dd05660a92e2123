#include "samplers/kernels/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {

double Schedule::at(std::uint64_t i, std::int64_t n) const {
  if (shape == Shape::kConstant || n < 2) return start;
  const double f = std::min(1.0, static_cast<double>(i) / static_cast<double>(n - 1));
  if (shape == Shape::kGeometric) return start * std::pow(end / start, f);
  return end + 0.5 * (start - end) * (1.0 + std::cos(std::numbers::pi * f));
}

void Schedule::validate(const char* name) const {
  base::require_positive(name, start);
  if (shape != Shape::kConstant) base::require_positive(name, end);
}

Schedule::Shape schedule_shape(const std::string& name) {
  if (name == "constant") return Schedule::Shape::kConstant;
  if (name == "geometric") return Schedule::Shape::kGeometric;
  if (name == "cosine") return Schedule::Shape::kCosine;
  throw Error(ErrorCode::kUsage, "schedule = " + name + ": must be constant, geometric or cosine");
}

}  // namespace ebm::samplers
