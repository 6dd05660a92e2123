#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

struct LangevinOptions {
  float step_size = 0.01f;   ///< λ, in (data units)² per unit of energy
  float noise_scale = 0.0f;  ///< σ, in data units
  std::optional<float> clamp_energy_grad = std::nullopt;  ///< each entry of ∇E is clamped to ±this
  std::optional<Box> box = std::nullopt;  ///< holds for each coordinate after every step
  BoxRule box_rule = BoxRule::kClamp;
  std::vector<float> preconditioner = {};  ///< P [dim], positive; empty for ones

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// σ = √(2·λ·T): the noise that makes overdamped Langevin target exp(−E/T).
/// @throws Error(kUsage) on a negative or non-finite temperature.
float noise_scale_of(float step_size, float temperature);
/// T = σ² / (2·λ): the temperature that corresponds to a step size and a noise scale.
float effective_temperature(float step_size, float noise_scale);

/// Overdamped Langevin: x <- box(x − step_size·P·clamp(∇E(x)) + noise_scale·√(t·P)·ξ), ξ ~ N(0, I),
/// with the temperature factor t of the chain and the diagonal preconditioner P, 1 unless set.
/// Without clamps it targets exp(−E/T), T = noise_scale²/(2·step_size), up to a bias of order
/// step_size (no accept step: ULA); with minibatch gradients it is SGLD. Clamping is what image
/// recipes do and targets no known density; reflection targets the density cut off at the box, with
/// the same order of bias.
/// advance() allocates nothing, unless an energy prefers hundreds of blocks at a time.
/// After advance, energy and energy_grad hold the values before the last step: one evaluation per
/// step, as the gradient at the end point is not needed.
/// @throws Error(kShape) before any chain moves, if the preconditioner has not dim entries.
/// Source: Roberts & Tweedie 1996; Welling & Teh 2011; Du & Mordatch 2019, eq. 2, with step_size =
/// λ/2.
class Langevin : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Langevin(const LangevinOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;
  const LangevinOptions& options() const { return options_; }

 private:
  LangevinOptions options_;
};

}  // namespace ebm::samplers
