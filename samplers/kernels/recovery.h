#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/conditional_langevin.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

struct RecoveryOptions {
  NoiseLevels levels = {};
  std::int64_t n_levels = 8;              ///< L
  std::int64_t n_steps = 240;             ///< on all levels together, the last one included
  float step_size = 0.3f;                 ///< λ of ConditionalLangevin
  std::optional<Box> box = std::nullopt;  ///< the last step clamps each coordinate to it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Down L levels of noise of an energy E(x, σ) in equal ratios r = (σ_max/σ_min)^(1/L), from chains
/// that stand as data with noise of σ_max: at each of the levels σ_max/r, ..., σ_min some n_steps/L
/// steps of ConditionalLangevin, given where the chain stood when it came there. The last of all
/// steps removes the noise that is left, x <- x − σ²·∇E(x, σ); steps after n_steps change nothing.
/// σ is the last number of a chain's context, which the kernel chooses.
/// Source: Gao, Song, Poole, Wu & Kingma 2021, "Learning energy-based models by diffusion recovery
/// likelihood", algorithm 2; the last step as in AnnealedLangevin.
class Recovery : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Recovery(const RecoveryOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  bool keeps_momentum() const override { return true; }
  std::string divergence_hint() const override;

 private:
  /// The place of the level at which a step is made, 0 being the highest.
  std::size_t level_of(std::int64_t step) const;

  RecoveryOptions options_;
  std::vector<float> levels_;
  ConditionalLangevin conditional_;
};

/// r of L levels.
float recovery_ratio(const NoiseLevels& levels, std::int64_t n_levels);

}  // namespace ebm::samplers
