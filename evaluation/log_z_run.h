#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/progress.h"
#include "samplers/ais/annealed_importance.h"
#include "samplers/ais/diffusion_annealing.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// Of an effective sample size below this, a standard error says nothing.
inline constexpr double kMinEss = 5.0;

/// log Z from one or both directions.
struct LogZEstimates {
  samplers::LogZEstimate forward = {};
  std::optional<samplers::LogZEstimate> reverse;

  /// Reverse minus forward, in nats; nothing without a reverse run.
  std::optional<double> gap() const;
  /// A line for each run of which too few chains count for an error to be known.
  std::vector<std::string> warnings() const;
};

/// Result of run_log_z().
struct LogZRun {
  /// Found by the pilot, one a band of temperatures; empty by noise.
  std::vector<float> step_sizes;
  double log_z_base = 0.0;
  LogZEstimates estimates;
};

/// Annealed importance sampling forwards and, from given samples of the target, in reverse.
/// @param n            forward chains
/// @param target_rows  [n, dim] to start the reverse run from; empty: no reverse run
/// @param on_progress  its phases are "pilot", "reverse" and "forward"
/// @throws what AnnealedImportance throws
LogZRun run_log_z(std::shared_ptr<const samplers::Energy> energy,
                  const samplers::AnnealedImportanceOptions& options, std::int64_t n,
                  std::span<const float> target_rows, const OnProgress& on_progress = nullptr);

/// The same through the levels of noise of E(x, σ), without a pilot.
LogZRun run_log_z(std::shared_ptr<const samplers::Energy> energy,
                  const samplers::DiffusionAnnealingOptions& options, std::int64_t n,
                  std::span<const float> target_rows, const OnProgress& on_progress = nullptr);

}  // namespace ebm::evaluation
