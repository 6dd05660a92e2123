#pragma once

#include <span>

namespace ebm::metrics {

struct MeanAndSd {
  double mean;  ///< NaN of no value
  double sd;    ///< with divisor n − 1; NaN of fewer than two values
};

/// Added up in the order given.
MeanAndSd mean_and_sd(std::span<const double> values);

}  // namespace ebm::metrics
