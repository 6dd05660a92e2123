#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

struct AnnealedLangevinOptions {
  NoiseLevels levels = {};
  std::int64_t n_levels = 50;             ///< L
  std::int64_t n_steps = 1000;            ///< on all levels together, the last one included
  float step_size = 0.1f;                 ///< λ, in units of σ²
  float temperature = 1.0f;               ///< T
  std::optional<Box> box = std::nullopt;  ///< the last step clamps each coordinate to it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Langevin steps on E(x, σ) while σ falls geometrically over L levels:
///   x <- x − λ·σ_i²·∇E(x, σ_i) + σ_i·√(2·λ·T)·ξ,
/// n_steps/L of them on each; the last of all n_steps removes the noise that is left,
/// x <- x − σ_L²·∇E(x, σ_L). Chains have to start as data with noise of σ_1. Steps after n_steps go
/// on at σ_L. σ is the last number of a chain's context, which the kernel chooses.
/// Source: Song & Ermon 2019, "Generative modeling by estimating gradients of the data
/// distribution", algorithm 1 with λ = ε/(2·σ_L²), 0.1 there; the last step: Jolicoeur-Martineau et
/// al. 2021, "Adversarial score matching and improved sampling for image generation".
class AnnealedLangevin : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit AnnealedLangevin(const AnnealedLangevinOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 private:
  std::size_t level_of(std::int64_t step) const;

  AnnealedLangevinOptions options_;
  std::vector<float> levels_;
  std::vector<Langevin> kernels_;  ///< of each level
};

}  // namespace ebm::samplers
