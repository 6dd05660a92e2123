#pragma once

#include <optional>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

struct AncestralOptions {
  NoiseLevels levels = {};
  std::int64_t n_steps = 200;
  std::optional<Box> box = std::nullopt;  ///< the last step clamps each coordinate to it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// The diffusion of noise backwards, from the highest level to the lowest:
///   x <- x − (σ_i² − σ_{i+1}²)·∇E(x, σ_i) + σ_{i+1}·√(1 − σ_{i+1}²/σ_i²)·ξ,  ξ ~ N(0, I),
/// n_steps − 1 of them; the last one removes the noise that is left, x <- x − σ²·∇E(x, σ). Levels
/// by seventh_root_levels(). With many steps a chain that starts at y = x₀ + σ_1·ξ ends at a draw
/// from p(x₀ | y), so that it samples from the data where y was drawn anew, and from the posterior
/// of an image with noise where y is that image. Steps after n_steps change nothing. σ is the last
/// number of a chain's context, which the kernel chooses. Source: Song et al. 2021, "Score-based
/// generative modeling through stochastic differential equations", eq. 47 (ancestral sampling of
/// SMLD models); levels: Karras et al. 2022, eq. 5.
class Ancestral : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Ancestral(const AncestralOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 private:
  AncestralOptions options_;
  std::vector<float> levels_;
};

}  // namespace ebm::samplers
