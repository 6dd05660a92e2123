#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "samplers/kernels/sampler_settings.h"
#include "samplers/run_chains.h"

namespace ebm::app {

/// How far the chains of `ebm sample` go and what is kept of the way.
struct WalkPlan {
  std::int64_t n = 0;  ///< chains whose states are wanted; replica exchange walks with more
  std::int64_t first_step =
      0;  ///< steps that these chains have made before, 0 unless a walk goes on
  std::int64_t burn_in = 0;
  std::int64_t steps = 0;
  std::int64_t thinning = 1;
  std::optional<double> target_acceptance = std::nullopt;  ///< of it; else the sampler's own
  bool adapt = false;                                      ///< during burn-in
  bool keep_draws = false;                                 ///< in memory
  std::filesystem::path trace;                             ///< where to write all draws, or empty
  std::filesystem::path energy_trace;  ///< where to write their energies, or empty
  std::uint64_t seed = 0;
  int n_threads = 1;
};

/// What came of it.
struct Walk {
  int stopped_by = 0;  ///< the signal that stopped it, or 0; then nothing else is set
  std::vector<float> rows, energies;                           ///< [n, dim] and [n], at the end
  std::vector<float> draws, draw_energies, draw_hamiltonians;  ///< [n_draws, n(, dim)] if kept
  std::int64_t n_draws = 0;
  samplers::RunInfo info;  ///< of the steps after burn-in, [n]
  /// Of each pair of neighbouring temperatures; NaN where no swap was proposed yet.
  std::vector<double> swap_rates;
  double seconds = 0.0;  ///< of the steps after burn-in
  std::optional<double> adapted_acceptance;
};

/// Walks, showing progress and minding signals. The bits depend on neither.
/// @param starts    [n, dim]
/// @param settings  step size and inverse mass are replaced by what adaptation finds
/// @throws Error(kIo) if the trace does not fit on its disk, what samplers throw
Walk walk_chains(const samplers::Energy& energy, const std::vector<float>& starts,
                 const WalkPlan& plan, samplers::SamplerSettings& settings);

}  // namespace ebm::app
