#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "metrics/features.h"

namespace ebm::metrics {

struct GaussianDrawOptions {
  std::int64_t n = 0;        ///< draws
  base::RandomKey key = {};  ///< stream = draw, words 2i, 2i + 1 for z_i
  int n_threads = 1;
};

/// Draws from the Gaussian with the mean and the covariance (divisor N − 1) of a set of N rows:
///   x = mean + Σ_i z_i·(x_i − mean) / √(N − 1),  z ~ N(0, I_N),
/// which needs no matrix of d² numbers and no factor of one, and lies in the span of the rows as
/// the singular Gaussian of few rows does. The same bits for any n_threads.
/// @return  [n, d]
/// @throws Error(kShape) for fewer than 2 rows, Error(kUsage) naming an option below 1.
std::vector<float> gaussian_draws(const FeatureView& set, const GaussianDrawOptions& options);

}  // namespace ebm::metrics
