#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

struct HmcOptions {
  float step_size = 0.1f;  ///< h of a leapfrog step: time, data units·√mass/√energy
  std::int64_t n_leapfrog = 10;
  /// Fraction of n_leapfrog by which a trajectory may be shorter: its length is drawn uniformly
  /// from ⌈(1 − jitter)·n_leapfrog⌉, ..., n_leapfrog, anew for each step, the same for all chains.
  double jitter = 0.0;
  float temperature = 1.0f;
  std::vector<float> inverse_mass = {};   ///< diagonal of M⁻¹ [dim], positive; empty for ones
  std::optional<Box> box = std::nullopt;  ///< reflecting walls; exact
  float max_energy_error = 1000.0f;       ///< of H/T; above it a proposal is counted as divergent

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Hamiltonian Monte Carlo: p ~ N(0, T·M), then L leapfrog steps
///   p <- p − h/2·∇E(x);  x <- x + h·M⁻¹p;  p <- p − h/2·∇E(x),
/// accepted with probability min(1, exp(−(H' − H)/T)), H = E + ½ pᵀM⁻¹p. Invariant: exp(−E/T), T
/// times the temperature factor of the chain, cut off at the box if there is one. A proposal whose
/// H is not finite is rejected and counted. One gradient a leapfrog step.
/// @throws Error(kShape) before any chain moves, if inverse_mass has not dim entries; Error(kUsage)
///         if the temperature factor of a chain is 0.
/// Source: Duane et al. 1987; Neal 2011, section 5.3.2 and, for the walls, 5.5.1.5.
class Hmc : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Hmc(HmcOptions options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 private:
  HmcOptions options_;
};

}  // namespace ebm::samplers
