#pragma once

#include <optional>
#include <vector>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/noise_levels.h"

namespace ebm::samplers {

struct ProbabilityFlowOptions {
  NoiseLevels levels = {};
  std::int64_t n_steps = 50;
  std::optional<Box> box = std::nullopt;  ///< the last step clamps each coordinate to it

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// The ordinary differential equation dx/dσ = σ·∇ₓE(x, σ), along which the density of chains is
/// that of the data with noise of σ at each σ, from the highest level to the lowest by steps of
/// Heun:
///   d = σ_i·∇E(x, σ_i);  x' = x + h·d;  x <- x' + h/2·(σ_{i+1}·∇E(x', σ_{i+1}) − d),
/// h = σ_{i+1} − σ_i, n_steps − 1 of them, two evaluations each; the last one is a step of Euler
/// from the lowest level to 0. Levels by seventh_root_levels(). No random numbers: the start
/// decides the sample. Chains have to start as data with noise of the highest level; steps after
/// n_steps change nothing. σ is the last number of a chain's context, which the kernel chooses.
/// Source: Song et al. 2021, "Score-based generative modeling through stochastic differential
/// equations", eq. 13; Karras, Aittala, Aila, Laine 2022, algorithm 1.
class ProbabilityFlow : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit ProbabilityFlow(const ProbabilityFlowOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  /// The memory of a momentum holds d.
  bool keeps_momentum() const override { return true; }
  std::string divergence_hint() const override;

 private:
  ProbabilityFlowOptions options_;
  std::vector<float> levels_;
};

}  // namespace ebm::samplers
