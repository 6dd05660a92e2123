#pragma once

#include <cstdint>

namespace ebm::landscape {

/// ‖a − b‖² of two rows.
inline double squared_distance(const float* a, const float* b, std::int64_t dim) {
  double sum = 0.0;
  for (std::int64_t d = 0; d < dim; ++d) {
    const double difference = double{a[d]} - double{b[d]};
    sum += difference * difference;
  }
  return sum;
}

}  // namespace ebm::landscape
