#include "samplers/ais/log_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ebm::samplers {

LogWeightSummary summarize_log_weights(std::span<const double> log_w) {
  const auto n = static_cast<double>(log_w.size());
  const double top = *std::max_element(log_w.begin(), log_w.end());
  double sum_log = 0.0, sum = 0.0, sum_square = 0.0;
  for (const double value : log_w) {
    const double w = std::exp(value - top);  // the largest is 1: no overflow
    sum_log += value;
    sum += w;
    sum_square += w * w;
  }
  double spread = 0.0;
  for (const double value : log_w) {
    const double deviation = std::exp(value - top) * n / sum - 1.0;
    spread += deviation * deviation;
  }
  return {.mean_log_w = sum_log / n,
          .log_mean_w = top + std::log(sum / n),
          .se = log_w.size() > 1 ? std::sqrt(spread / (n * (n - 1.0)))
                                 : std::numeric_limits<double>::quiet_NaN(),
          .ess = sum * sum / sum_square};
}

}  // namespace ebm::samplers
