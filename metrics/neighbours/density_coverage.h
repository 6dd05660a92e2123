#pragma once

#include <cstdint>

#include "metrics/features.h"

namespace ebm::metrics {

struct DensityCoverageOptions {
  std::int64_t k = 5;
  int n_threads = 1;
};

struct DensityCoverage {
  double density;   ///< 0 or more; 1 is expected of samples of the reference's distribution
  double coverage;  ///< in [0, 1]
};

/// With r_k(y) the distance from a reference row y to its k-th nearest other,
///   density  = #{pairs (x, y) with ‖x − y‖ < r_k(y)} / (k·n_samples),
///   coverage = #{y with ‖x − y‖ < r_k(y) for some sample x} / n_reference.
/// Balls are open, as in the authors' code: a set compared with itself then has density 1.
/// @param reference  [n_reference, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ or the reference has fewer than k + 1 rows;
///         Error(kUsage) on an option below 1.
/// Source: Naeem, Oh, Uh, Choi, Yoo 2020, "Reliable fidelity and diversity
/// metrics for generative models".
DensityCoverage density_coverage(const FeatureView& reference, const FeatureView& samples,
                                 const DensityCoverageOptions& options = {});

/// Coverage that is expected of samples of the reference's own distribution, if it is continuous:
///   1 − Π_{i=1}^{k} (n_reference − i) / (n_reference + n_samples − i),
/// the chance that at least one of the k nearest of all others is a sample. With n of both it
/// tends to 1 − 2⁻ᵏ: 0.96875 at k = 5. Expected density is 1.
/// @throws Error(kUsage) unless 1 <= k < n_reference and n_samples >= 1.
/// Source: Naeem et al. 2020, the expected values of both.
double expected_coverage(std::int64_t n_reference, std::int64_t n_samples, std::int64_t k);

}  // namespace ebm::metrics
