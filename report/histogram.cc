#include "report/histogram.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace ebm::report {

Histogram histogram_of(std::span<const float> values, std::int64_t n_buckets) {
  if (values.empty() || n_buckets < 1) {
    throw Error(ErrorCode::kShape, "a histogram of " + std::to_string(values.size()) +
                                       " values in " + std::to_string(n_buckets) +
                                       " buckets: needs at least one of each");
  }
  Histogram histogram;
  for (const float value : values) {
    if (!std::isfinite(value)) {
      throw Error(ErrorCode::kBadData,
                  "a histogram of " + std::to_string(value) + ": expected finite numbers");
    }
    histogram.sum += value;
    histogram.sum_squares += static_cast<double>(value) * value;
  }
  const auto [low, high] = std::ranges::minmax(values);
  histogram.min = low;
  histogram.max = high;
  histogram.n = static_cast<double>(values.size());
  const double width = histogram.max - histogram.min;
  const auto n = static_cast<std::size_t>(width > 0.0 ? n_buckets : 1);
  for (std::size_t i = 1; i < n; ++i) {
    histogram.limits.push_back(histogram.min +
                               width * static_cast<double>(i) / static_cast<double>(n));
  }
  histogram.limits.push_back(histogram.max);
  histogram.counts.resize(n);
  for (const float value : values) {
    // The largest value belongs to the last bucket, whose upper end it is.
    const double place = width > 0.0 ? (value - histogram.min) / width * static_cast<double>(n) : 0;
    ++histogram.counts[std::min(static_cast<std::size_t>(place), n - 1)];
  }
  return histogram;
}

}  // namespace ebm::report
