#pragma once

#include <cstdint>
#include <vector>

#include "metrics/features.h"

namespace ebm::metrics {

/// Distribution of samples over known modes.
struct ModeCount {
  std::vector<std::int64_t> counts;  ///< [n_modes] good samples of each
  std::int64_t n_found;              ///< modes with a good sample
  double good;                       ///< share of the samples that are good
};

/// A sample is good if it is no farther than `radius` from the centre next to it, to whose mode it
/// then belongs; of centres that are equally near, the first.
/// @param radius  in units of the data, 3 standard deviations of a mode usually
/// @throws Error(kShape) if the widths differ, Error(kUsage) unless the radius is positive.
/// Source: Srivastava et al. 2017, "VEEGAN", section 5.
ModeCount count_modes(const FeatureView& samples, const FeatureView& centres, double radius);

}  // namespace ebm::metrics
