#include "samplers/kernels/level_steps.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {

void require_steps_of_levels(std::int64_t n_levels, std::int64_t n_steps) {
  base::require_at_least("steps", n_steps, 1);
  if (n_levels > n_steps) {
    throw Error(ErrorCode::kUsage, "levels = " + std::to_string(n_levels) +
                                       ": must be at most the " + std::to_string(n_steps) +
                                       " steps");
  }
}

std::size_t level_of_step(std::int64_t step, std::int64_t n_steps, std::size_t n_levels) {
  if (step >= n_steps) return n_levels - 1;
  // In double precision: the product of two numbers of steps may be too large to count.
  const double share = static_cast<double>(step) / static_cast<double>(n_steps);
  return std::min(static_cast<std::size_t>(share * static_cast<double>(n_levels)), n_levels - 1);
}

}  // namespace ebm::samplers
