#pragma once

#include <optional>

#include "samplers/kernels/level_descent.h"

namespace ebm::samplers {

/// The diffusion of noise backwards, from the highest level to the lowest:
///   x <- x − (σ_i² − σ_{i+1}²)·∇E(x, σ_i) + σ_{i+1}·√(1 − σ_{i+1}²/σ_i²)·ξ,  ξ ~ N(0, I),
/// n_steps − 1 of them, and the last step of LevelDescent. With many steps a chain that starts at
/// y = x₀ + σ_1·ξ ends at a draw from p(x₀ | y), so that it samples from the data where y was drawn
/// anew, and from the posterior of an image with noise where y is that image. Source: Song et al.
/// 2021, "Score-based generative modeling through stochastic differential equations", eq. 47
/// (ancestral sampling of SMLD models); levels: Karras et al. 2022, eq. 5.
class Ancestral : public LevelDescent {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Ancestral(const LevelDescentOptions& options) : LevelDescent(options) {}

 private:
  std::optional<NonFinite> descend(const ChainBlocks& chains, ChainsAtLevel& levelled,
                                   Evaluator& evaluator, const Descent& step) const override;
};

}  // namespace ebm::samplers
