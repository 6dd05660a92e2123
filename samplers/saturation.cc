#include "samplers/saturation.h"

#include <cstdint>

namespace ebm::samplers {

double saturation(std::span<const float> values, const std::optional<Box>& box) {
  if (!box || values.empty()) return 0.0;
  const float low = box->low, high = box->high;
  std::int64_t at_wall = 0;
  // Without branches, as images are full of values at either wall.
  for (const float x : values) at_wall += static_cast<int>(x <= low) | static_cast<int>(x >= high);
  return static_cast<double>(at_wall) / static_cast<double>(values.size());
}

}  // namespace ebm::samplers
