#include "metrics/mean_and_sd.h"

#include <cmath>

namespace ebm::metrics {

MeanAndSd mean_and_sd(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0.0, squares = 0.0;
  for (const double value : values) mean += value;
  mean /= n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  // 0/0 is NaN, as documented.
  return {mean, std::sqrt(squares / (n - 1.0))};
}

}  // namespace ebm::metrics
