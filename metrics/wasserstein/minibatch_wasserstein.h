#pragma once

#include <cstdint>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

struct MinibatchWassersteinOptions {
  std::int64_t n_batches = 20;
  std::int64_t batch_size = 500;  ///< of each set
  std::uint64_t seed = 0;
  int n_threads = 1;
};

struct MinibatchWasserstein {
  double mean;
  double sd;                    ///< between batches, with divisor n_batches − 1; NaN of one batch
  std::vector<double> batches;  ///< W₁ of each
};

/// Exact W₁ of random batches drawn without replacement from both sets, averaged. It is not 0 for
/// equal distributions: two batches of one differ, by about batch_size^(−1/d). Compare values of
/// one batch size, and with that of two halves of the data.
/// @param reference  [n_reference, d], samples [n_samples, d]
/// @throws Error(kShape) if the widths differ or as wasserstein_exact(); Error(kUsage) naming the
///         option, if n_batches < 1 or batch_size is below 1 or above the rows of a set.
/// Source: Fatras, Zine, Flamary, Gribonval, Courty 2020.
MinibatchWasserstein minibatch_wasserstein(const FeatureView& reference, const FeatureView& samples,
                                           const MinibatchWassersteinOptions& options = {});

}  // namespace ebm::metrics
