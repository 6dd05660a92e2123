#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "samplers/kernel.h"

namespace ebm::samplers {

struct NutsOptions {
  float step_size = 0.1f;  ///< h of a leapfrog step
  std::int64_t max_tree_depth =
      10;  ///< a trajectory has at most 2^max_tree_depth − 1 leapfrog steps
  float temperature = 1.0f;
  std::vector<float> inverse_mass = {};  ///< diagonal of M⁻¹ [dim], positive; empty for ones
  float max_energy_error = 1000.0f;      ///< of H/T; above it a trajectory ends as divergent

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// No-U-turn sampler: Hamiltonian trajectories that double, forwards or backwards at random, until
/// they turn back, each for as long as it needs. The next state is drawn from the trajectory's
/// points with weights exp(−(H − H₀)/T): uniformly by weight within a new half, and in favour of
/// the new half between halves. A trajectory, or any of its balanced parts, has turned if
///   ρ·M⁻¹p_first ≤ 0 or ρ·M⁻¹p_last ≤ 0,   ρ = Σ p − (p_first + p_last)/2,
/// ρ being the displacement of x in units of the step and M⁻¹.
/// Invariant: exp(−E/T), T times the temperature factor of the chain. For low dimension: the 16
/// chains of a block advance together; those that have turned wait for the others. ChainInfo's
/// acceptance is the mean over the points visited, for adaptation.
/// @throws Error(kShape) before any chain moves, if inverse_mass has not dim entries.
/// Source: Hoffman & Gelman 2014; Betancourt 2017, appendix A; the iterative form with ⌈log₂⌉ saved
/// momenta Phan, Pradhan, Jankowiak 2019.
class Nuts : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Nuts(NutsOptions options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 private:
  NutsOptions options_;
};

}  // namespace ebm::samplers
