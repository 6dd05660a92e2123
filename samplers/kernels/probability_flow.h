#pragma once

#include <optional>

#include "samplers/kernels/level_descent.h"

namespace ebm::samplers {

/// The ordinary differential equation dx/dσ = σ·∇ₓE(x, σ), along which the density of chains is
/// that of the data with noise of σ at each σ, from the highest level to the lowest by steps of
/// Heun:
///   d = σ_i·∇E(x, σ_i);  x' = x + h·d;  x <- x' + h/2·(σ_{i+1}·∇E(x', σ_{i+1}) − d),
/// h = σ_{i+1} − σ_i, n_steps − 1 of them, two evaluations each; the last step, that of
/// LevelDescent, is one of Euler from the lowest level to 0. No random numbers: the start decides
/// the sample. Source: Song et al. 2021, "Score-based generative modeling through stochastic
/// differential equations", eq. 13; Karras, Aittala, Aila, Laine 2022, algorithm 1.
class ProbabilityFlow : public LevelDescent {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit ProbabilityFlow(const LevelDescentOptions& options) : LevelDescent(options) {}
  /// Of heun_predict().
  bool keeps_momentum() const override { return true; }

 private:
  std::optional<NonFinite> descend(const ChainBlocks& chains, ChainsAtLevel& levelled,
                                   Evaluator& evaluator, const Descent& step) const override;
};

}  // namespace ebm::samplers
