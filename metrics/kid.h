#pragma once

#include <cstdint>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

struct KidOptions {
  std::int64_t n_subsets = 100;
  std::int64_t subset_size = 1000;  ///< of each set
  std::uint64_t seed = 0;
  int n_threads = 1;
};

struct Kid {
  double mean;                  ///< of the subsets
  double sd;                    ///< between them, with divisor n_subsets − 1; NaN of one subset
  std::vector<double> subsets;  ///< the estimate of each
};

/// Kernel distance (KID with Inception's features): the squared maximum mean discrepancy with the
/// kernel k(x, y) = (x·y/d + 1)³, unbiased, on random subsets of m rows of each set:
///   Σ_{i≠j} k(xᵢ, xⱼ)/(m(m − 1)) + Σ_{i≠j} k(yᵢ, yⱼ)/(m(m − 1)) − 2·Σ_{ij} k(xᵢ, yⱼ)/m².
/// Its expectation does not depend on the sizes and is 0 for equal distributions, so that it is
/// often negative there. Subsets are drawn without replacement. All arithmetic is in double
/// precision, in blocks of the kernel matrix: memory does not grow with m². The same bits for any
/// n_threads.
/// @param reference  [n_reference, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ; Error(kUsage) naming the option, if n_subsets < 1 or
///         subset_size is below 2 or above the rows of a set.
/// Source: Bińkowski, Sutherland, Arbel, Gretton 2018, section 4; Gretton et al. 2012, eq. 3.
Kid kid(const FeatureView& reference, const FeatureView& samples, const KidOptions& options = {});

}  // namespace ebm::metrics
