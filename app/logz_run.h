#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "app/logz_estimates.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/energy.h"

namespace ebm::app {

/// What annealed importance sampling came to.
struct LogZRun {
  int stopped_by = 0;             ///< the signal that stopped it, or 0; then nothing else is set
  std::vector<float> step_sizes;  ///< that the pilot found, a band each
  double log_z_base = 0.0;
  LogZEstimates estimates;
};

/// Anneals forwards and, from given samples of the target, in reverse, showing progress and minding
/// signals. The bits depend on neither.
/// @param n            forward chains
/// @param target_rows  [n, dim] to start the reverse run from; none without one
/// @throws what AnnealedImportance throws
LogZRun run_logz(std::shared_ptr<const samplers::Energy> energy,
                 const samplers::AnnealedImportanceOptions& options, std::int64_t n,
                 std::span<const float> target_rows);

}  // namespace ebm::app
