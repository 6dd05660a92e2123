#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernels/hmc.h"

namespace ebm::samplers {

struct MalaOptions {
  float step_size = 0.01f;  ///< λ, in (data units)² per unit of energy
  float temperature = 1.0f;
  std::vector<float> preconditioner = {};  ///< P [dim], positive; empty for ones
  std::optional<Box> box = std::nullopt;   ///< reflecting walls; exact

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Metropolis-adjusted Langevin: x' = x − step_size·P·∇E(x) + √(2·step_size·T·P)·ξ, ξ ~ N(0, I),
/// accepted with probability min(1, π(x')·q(x|x') / (π(x)·q(x'|x))), π = exp(−E/T), log q(x'|x) =
/// −(x' − x + step_size·P·∇E(x))ᵀP⁻¹(...)/(4·step_size·T). Invariant: π, T times the temperature
/// factor of the chain. That is HMC with one leapfrog step of h = √(2·step_size) and M⁻¹ = P, and
/// is computed in that way; walls flip the momentum. One gradient per step.
/// @throws Error(kShape) before any chain moves, if the preconditioner has not dim entries.
/// Source: Besag 1994; Roberts & Tweedie 1996; Neal 2011, section 5.5.2.
class Mala : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Mala(const MalaOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 private:
  Hmc one_leapfrog_;
};

}  // namespace ebm::samplers
