#include "metrics/mean_and_sd.h"

#include <cmath>
#include <limits>

namespace ebm::metrics {

MeanAndSd mean_and_sd(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0.0, squares = 0.0;
  for (const double value : values) mean += value;
  mean /= n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {mean, values.size() < 2 ? nan : std::sqrt(squares / (n - 1.0))};
}

}  // namespace ebm::metrics
