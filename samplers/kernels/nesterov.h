#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "samplers/box.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

struct NesterovOptions {
  float step_size = 0.01f;                ///< λ
  float momentum = 0.9f;                  ///< μ, from 0 (gradient descent) to below 1
  std::optional<Box> box = std::nullopt;  ///< each coordinate is clamped to it after a step
  /// Step of a chain, counted from its start, from which on the box holds.
  std::int64_t first_step_in_box = 0;
  /// Restarts chains whose velocity leads uphill, ∇E(x)·v < 0, with v = 0: so no chain oscillates
  /// across a valley, whatever its momentum.
  bool restart = false;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Nesterov's accelerated gradient descent to a mode. The state is the point at which the gradient
/// is taken:
///   v <- μ·v + ∇E(x);   x <- clip(x − step_size·(∇E(x) + μ·v)),   v = 0 at first.
/// No random numbers; chains keep v. Source: Nesterov 1983; in this form Sutskever et al. 2013, eq.
/// 3-4, with the look-ahead point as the state, as in PyTorch's SGD(nesterov=True). Restarts:
/// O'Donoghue & Candès 2015, "Adaptive restart for accelerated gradient schemes", gradient scheme.
class Nesterov : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit Nesterov(const NesterovOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  bool keeps_momentum() const override { return true; }
  std::string divergence_hint() const override;

 private:
  NesterovOptions options_;
};

}  // namespace ebm::samplers
