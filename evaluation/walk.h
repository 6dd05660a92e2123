#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "evaluation/progress.h"
#include "samplers/diagnostics/diagnosis.h"
#include "samplers/kernels/sampler_settings.h"
#include "samplers/parameters.h"
#include "samplers/run_chains.h"

namespace ebm::evaluation {

/// How many steps chains make, and what is kept of their draws.
struct WalkOptions {
  std::int64_t n = 0;           ///< chains whose states are wanted; parallel tempering runs more
  std::int64_t first_step = 0;  ///< steps that these chains have made before, when a walk continues
  std::int64_t burn_in = 0;     ///< steps before the first draw
  std::int64_t steps = 0;       ///< after burn-in
  std::int64_t thinning = 1;    ///< steps between draws
  bool adapt = false;           ///< step size and mass, during burn-in
  std::optional<double> target_acceptance = std::nullopt;  ///< of adaptation [the sampler's own]
  bool keep_draws = false;                                 ///< in memory
  std::filesystem::path trace = {};         ///< file for all draws (evaluation/draw_trace.h)
  std::filesystem::path energy_trace = {};  ///< .npy file for their energies [steps/thinning, n]
  std::uint64_t seed = 0;
  int n_threads = 1;                 ///< results do not depend on it
  OnProgress on_progress = nullptr;  ///< its phases are "burn-in" or "adapt", and ""
  /// In the trace and in diagnose_walk(); without variables: parameters_of() the energy.
  samplers::Parameters parameters = {};
  /// Of each chain, [n, context_dim] of the energy; empty if it is unconditional.
  std::vector<float> context = {};

  bool has_draws() const { return keep_draws || !trace.empty() || !energy_trace.empty(); }
  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// @throws Error(kUsage) unless the sampler has an accept step that adaptation can go by.
void require_adaptable(const samplers::SamplerSettings& settings);

/// Where in the sampler's schedule chains start that do not start from noise: the flow of
/// gradient-flow carries noise alone, and its Langevin steps follow it. Of other samplers 0.
std::int64_t first_step_from_data(const samplers::SamplerSettings& settings);

/// Result of walk_chains().
struct Walk {
  std::vector<float> rows, energies;                           ///< [n, dim] and [n], at the end
  std::vector<float> draws, draw_energies, draw_hamiltonians;  ///< [n_draws, n(, dim)] if kept
  std::int64_t n_draws = 0;
  samplers::RunInfo info;  ///< of the steps after burn-in, [n]
  /// Of each pair of neighbouring temperatures; NaN where no swap was proposed yet.
  std::vector<double> swap_rates;
  double seconds = 0.0;  ///< of the steps after burn-in
  std::optional<double> adapted_acceptance;

  /// Chains that accepted no proposal and no swap; 0 if the sampler proposes nothing.
  std::int64_t n_stuck() const;
};

/// Runs Markov chains from given states.
/// @param starts    [n, dim]
/// @param settings  of the sampler; adaptation replaces step size and inverse mass
/// @throws Error(kUsage) as WalkOptions::validate and require_adaptable, Error(kIo) if the trace
/// does not fit on its disk, Error(kDiverged) naming a chain that
///         became non-finite, what samplers throw
Walk walk_chains(const samplers::Energy& energy, const std::vector<float>& starts,
                 const WalkOptions& options, samplers::SamplerSettings& settings);

/// Diagnosis of the draws that a walk kept in memory.
/// @param options  of the walk; keep_draws is set
samplers::Diagnosis diagnose_walk(const Walk& walk, const WalkOptions& options,
                                  samplers::SamplerKind sampler, const samplers::Energy& energy);

}  // namespace ebm::evaluation
