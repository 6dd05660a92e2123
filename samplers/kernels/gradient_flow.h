#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "samplers/box.h"
#include "samplers/kernel.h"
#include "samplers/kernels/langevin.h"

namespace ebm::samplers {

struct GradientFlowOptions {
  float step_size = 0.01f;                ///< h, of the flow and of the Langevin steps after it
  float flow_time = 1.0f;                 ///< τ, until which chains follow the flow
  float noise_scale = 0.0f;               ///< of the Langevin steps
  std::optional<Box> box = std::nullopt;  ///< holds from the end of the flow on
  /// The last number of the chains' context is the time: that of the start of a step in the flow, τ
  /// after it.
  bool sets_time = false;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
  /// ⌈τ/h⌉ steps of h, the last one shorter if h does not divide τ.
  std::int64_t flow_steps() const;
};

/// The flow of energies that were trained to carry noise to data in a time τ, dx/dt = −∇E(x), by
/// Heun's method, two evaluations a step:
///   y = x − h·∇E(x);   x <- x − (h/2)·(∇E(x) + ∇E(y)),
/// then Langevin steps of the same h with the noise of a temperature: x <- clip(x − h·∇E(x) +
/// noise_scale·ξ). The step of a chain, counted from its start, says where it stands, so that a run
/// may be cut anywhere. The flow leaves the box, in which noise does not lie; its last step ends in
/// it. advance() allocates nothing.
/// Source: Balcerak et al. 2025, "Energy matching"; Heun's method: Hairer, Nørsett, Wanner 1993.
class GradientFlow : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit GradientFlow(const GradientFlowOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  /// Where a step keeps x − (h/2)·∇E(x).
  bool keeps_momentum() const override { return true; }
  std::string divergence_hint() const override;

 private:
  StepInfo flow(const ChainBlocks& chains, Evaluator& evaluator, std::uint64_t first_step,
                std::int64_t n_steps) const;
  StepInfo walk(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                std::int64_t n_steps) const;

  GradientFlowOptions options_;
  Langevin after_;
};

}  // namespace ebm::samplers
