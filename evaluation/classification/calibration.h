#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::evaluation {

/// Whether predictions of confidence p are right in a share p of cases.
struct Calibration {
  static constexpr std::int64_t kBins = 15;

  /// Items whose confidence is in (b/15, (b + 1)/15].
  struct Bin {
    std::int64_t n = 0;
    double confidence = 0.0;  ///< mean; 0 without items
    double accuracy = 0.0;    ///< share that is right; 0 without items
  };

  std::vector<Bin> bins;  ///< [kBins]
  /// Expected calibration error, Σ_b n_b/n·|accuracy_b − confidence_b|.
  double ece = 0.0;
};

/// @param confidence  [n], from 0 to 1
/// @param is_right    [n], of the prediction
/// @throws Error(kShape) if they are not as many, or there are none
/// Source: Guo et al. 2017, eq. 3, with 15 bins of equal width.
Calibration calibrate(std::span<const double> confidence, const std::vector<bool>& is_right);

}  // namespace ebm::evaluation
