#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/png.h"

namespace ebm::report {

/// A rate that was measured.
struct ScalingPoint {
  std::string what;  ///< that ran: network, sampler, backend
  int n_threads = 1;
  std::int64_t n_chains = 1;
  double rate = 0.0;  ///< chain-steps a second
};

/// How rates grow: over threads, a line for each `what` and number of chains, and over chains, a
/// line for each `what` and number of threads. A chart for what was swept, a line where it has two
/// points or more.
/// @throws Error(kUsage) if neither threads nor chains were swept.
PixelImage scaling_plot(const std::string& title, const std::vector<ScalingPoint>& points);

}  // namespace ebm::report
