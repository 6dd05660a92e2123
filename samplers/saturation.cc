#include "samplers/saturation.h"

#include <algorithm>

namespace ebm::samplers {

double saturation(std::span<const float> values, const std::optional<Box>& box) {
  if (!box || values.empty()) return 0.0;
  const auto at_wall = std::count_if(values.begin(), values.end(),
                                     [&](float x) { return x <= box->low || x >= box->high; });
  return static_cast<double>(at_wall) / static_cast<double>(values.size());
}

}  // namespace ebm::samplers
