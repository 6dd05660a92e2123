#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/names/choice.h"
#include "samplers/ais/annealing_run.h"
#include "samplers/ais/base_density.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

/// The kernels of an annealing path: HMC, or MALA for one leapfrog step, with one step size for
/// each band of β.
struct TransitionOptions {
  enum class Sampler { kHmc, kMala };
  Sampler sampler = Sampler::kHmc;
  /// Of HMC; trajectories are up to a half shorter, at random, so that no period of the motion can
  /// trap them.
  std::int64_t n_leapfrog = 5;
  std::int64_t n_transitions = 1;  ///< at each temperature
  std::int64_t n_bands = 32;       ///< of consecutive temperatures
  std::int64_t n_pilot_chains = 64;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

inline constexpr base::Choice<TransitionOptions::Sampler> kTransitionSamplers[] = {
    {"hmc", TransitionOptions::Sampler::kHmc}, {"mala", TransitionOptions::Sampler::kMala}};

/// Acceptance that step sizes are tuned to: 0.65 for HMC (Beskos et al. 2013), 0.574 for MALA
/// (Roberts & Rosenthal 1998).
double target_acceptance(TransitionOptions::Sampler sampler);

/// The band of temperature k of n.
inline std::int64_t band_of(std::int64_t k, std::int64_t n, std::int64_t n_bands) {
  return k * n_bands / n;
}

/// The kernel for a leapfrog step h (MALA: step_size = h²/2), with the walls of the base.
std::unique_ptr<const Kernel> make_transition(const TransitionOptions& options,
                                              const BaseDensity& base, float step_size);

/// The target of annealing and the path to it.
struct AnnealingTarget {
  const Energy& energy;
  BaseDensity base = {};
  float temperature = 1.0f;
  std::vector<double> betas = {};  ///< from 0 to 1
};

/// Leapfrog steps, one per band, from pilot chains that move from the base to the target with
/// random numbers of their own: ln h <- ln h + ½·(acceptance − its target) after every transition,
/// and the step of a band is the geometric mean over it. Frozen afterwards, they do not depend on
/// the chains that are weighted, whose estimator therefore stays unbiased.
/// @return [n_bands] steps; empty if the observer stopped it
/// @throws Error(kDiverged) if a draw of the base has no finite energy.
std::vector<float> tune_transitions(const AnnealingTarget& target, const TransitionOptions& options,
                                    std::uint64_t seed, int n_threads,
                                    const AnnealingObserver& observer);

/// Evaluates chains at β. @throws Error(kDiverged) naming the first that is not finite there.
void evaluate_path_start(const AnnealingTarget& target, double beta, ChainStore& chains,
                         int n_threads);

}  // namespace ebm::samplers
