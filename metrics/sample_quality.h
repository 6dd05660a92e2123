#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "metrics/class_histogram.h"
#include "metrics/features.h"
#include "metrics/neighbours/two_sample_1nn.h"

namespace ebm::metrics {

/// Features and labels of a set of images, by a feature network.
struct SeenSet {
  FeatureView features;                     ///< [n, d]
  std::span<const std::int64_t> classes{};  ///< [n] predicted classes; empty if it has none
};

struct SampleQualityOptions {
  std::int64_t n_classes = 0;
  std::uint64_t seed = 0;  ///< of the subsets of KID and of the extrapolation
  int n_threads = 1;
};

/// Every metric that compares samples with data, under the names used everywhere.
struct SampleQuality {
  std::int64_t n = 0;
  double fd = 0.0;                       ///< Fréchet distance at n
  double fd_infinity = 0.0;              ///< extrapolated to infinitely many samples and data
  bool is_fd_reliable = false;           ///< no covariance was singular
  bool is_fd_infinity_reliable = false;  ///< no covariance of the subsets was singular
  double kid = 0.0;                      ///< mean over subsets of half the rows, at most 1000
  double kid_sd = 0.0;                   ///< between them
  double precision = 0.0;                ///< k = 3
  double recall = 0.0;
  double density = 0.0;  ///< k = 5
  double coverage = 0.0;
  OneNearestNeighbour two_sample_1nn = {};
  /// KL divergence is from the classes that the network gives to the data.
  std::optional<ClassHistogram> classes;
};

/// @param reference  data, samples: as many rows of both, as several of the figures need
/// @throws Error(kShape) if the numbers of rows or the widths differ, or there are fewer than 6
///         rows; what the metrics throw.
SampleQuality sample_quality(const SeenSet& reference, const SeenSet& samples,
                             const SampleQualityOptions& options);

}  // namespace ebm::metrics
