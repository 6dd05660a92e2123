#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

struct UnderdampedOptions {
  float step_size = 0.1f;  ///< h: time
  float friction = 1.0f;   ///< γ: 1/time; 0 conserves the energy, large is overdamped
  float temperature = 1.0f;
  std::vector<float> inverse_mass = {};   ///< diagonal of M⁻¹ [dim], positive; empty for ones
  std::optional<Box> box = std::nullopt;  ///< reflecting walls; approximate

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Underdamped Langevin by BAOAB: a step of length h is
///   B: p <- p − h/2·∇E(x);   A: x <- x + h/2·M⁻¹p;
///   O: p <- c·p + √((1 − c²)·T·M)·ξ, c = exp(−γh), ξ ~ N(0, I);   A;   B.
/// Targets exp(−(E + ½ pᵀM⁻¹p)/T), T times the temperature factor of the chain, with a bias of
/// order h² and no accept step; for a harmonic E the variance of x is exact at every stable step,
/// h·ω < 2. Chains keep their momentum, zero at first. One gradient per step.
/// @throws Error(kShape) before any chain moves, if inverse_mass has not dim entries.
/// Source: Leimkuhler & Matthews 2013.
class Underdamped : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Underdamped(UnderdampedOptions options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  bool keeps_momentum() const override { return true; }
  std::string divergence_hint() const override;

 private:
  UnderdampedOptions options_;
};

}  // namespace ebm::samplers
