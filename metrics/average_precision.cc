#include "metrics/average_precision.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::metrics {
namespace {

std::vector<float> from_high_to_low(const std::string& name, std::span<const float> scores) {
  if (scores.empty()) {
    throw Error(ErrorCode::kShape, name + " hold no number: must hold at least one");
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) {
      throw Error(ErrorCode::kBadData,
                  name + "[" + std::to_string(i) + "] = nan: must be a number");
    }
  }
  std::vector<float> out(scores.begin(), scores.end());
  std::sort(out.begin(), out.end(), std::greater<>());
  return out;
}

}  // namespace

double average_precision(std::span<const float> positives, std::span<const float> negatives) {
  const std::vector<float> right = from_high_to_low("positives", positives);
  const std::vector<float> wrong = from_high_to_low("negatives", negatives);
  double sum = 0.0;
  std::size_t n_right = 0, n_wrong = 0;
  // A threshold at which no positive is added has no step in recall.
  while (n_right < right.size()) {
    const float threshold = right[n_right];
    const std::size_t before = n_right;
    while (n_right < right.size() && right[n_right] == threshold) ++n_right;
    while (n_wrong < wrong.size() && wrong[n_wrong] >= threshold) ++n_wrong;
    sum += static_cast<double>(n_right - before) * static_cast<double>(n_right) /
           static_cast<double>(n_right + n_wrong);
  }
  return sum / static_cast<double>(right.size());
}

}  // namespace ebm::metrics
