#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::landscape {

struct KMeansOptions {
  std::int64_t k = 50;
  std::int64_t n_iterations = 50;  ///< at most; it ends when nothing changes
  std::uint64_t seed = 0;          ///< of the first centres

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

struct KMeans {
  std::vector<std::int64_t> states;  ///< [n] the nearest centre of each row
  std::vector<float> centres;        ///< [k, dim]
  double inertia = 0.0;              ///< Σ of squared distances to the nearest centre
};

/// k centres that locally minimise the inertia: Lloyd's iteration from centres that are drawn with
/// probability in proportion to the squared distance from those before (k-means++). A centre that
/// loses all rows stays where it is.
/// @param rows  [n, dim]
/// @throws Error(kUsage) if there are fewer rows than centres.
/// Source: Lloyd 1982; Arthur & Vassilvitskii 2007.
KMeans k_means(std::span<const float> rows, std::int64_t dim, const KMeansOptions& options);

}  // namespace ebm::landscape
