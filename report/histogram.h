#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::report {

/// Counts of numbers in buckets that follow one another from `min` on.
struct Histogram {
  double min = 0;
  double max = 0;
  double n = 0;
  double sum = 0;
  double sum_squares = 0;
  std::vector<double> limits{};  ///< upper end of each bucket, rising; the last is `max`
  std::vector<double> counts{};  ///< one per bucket
};

/// Buckets of equal width from the smallest value to the largest; one bucket if these are equal.
/// @throws Error(kShape) if there is no value, Error(kBadData) if one is not finite.
Histogram histogram_of(std::span<const float> values, std::int64_t n_buckets = 30);

}  // namespace ebm::report
