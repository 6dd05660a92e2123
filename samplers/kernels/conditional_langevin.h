#pragma once

#include <cstdint>
#include <string>

#include "samplers/kernel.h"

namespace ebm::samplers {

struct ConditionalLangevinOptions {
  float ratio = 2.0f;      ///< r > 1
  float step_size = 0.3f;  ///< λ

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Langevin steps at T = 1 on the distribution of y, data with noise of σ, given what more noise
/// made of it, x̃ = y + σ·√(r² − 1)·z, whose level is r·σ:
///   V(y) = E(y, σ) + ‖y − x̃‖²/(2σ²(r² − 1)),   y <- y − h·∇V(y) + √(2h)·ξ,
/// h = λ·σ²·(r² − 1)/r², which is λ where V is as steep as the noise of σ allows: the precision of
/// V is at most 1/σ² + 1/(σ²(r² − 1)). Given x̃ the distribution has hardly more than one mode, and
/// where E is flat x̃ is forgotten in some r²/λ steps. x̃ is where a chain stands at its step 0, and
/// is kept in the memory of a momentum; σ is the last number of its context. Source: Gao, Song,
/// Poole, Wu & Kingma 2021, "Learning energy-based models by diffusion recovery likelihood", eq. 6
/// and algorithm 2, for noise that is added to data as it is.
class ConditionalLangevin : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit ConditionalLangevin(const ConditionalLangevinOptions& options);
  /// Makes where the chains stand their x̃.
  static void begin(const ChainBlocks& chains);
  /// @throws Error(kUsage) for chains without a context.
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  /// x̃.
  bool keeps_momentum() const override { return true; }
  std::string divergence_hint() const override;

 private:
  void move_block(const ChainBlocks& chains, std::int64_t block, const ChainRng& rng) const;

  ConditionalLangevinOptions options_;
};

}  // namespace ebm::samplers
