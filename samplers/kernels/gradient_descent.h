#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "samplers/kernels/langevin.h"

namespace ebm::samplers {

struct GradientDescentOptions {
  float step_size = 0.01f;                ///< λ
  std::optional<Box> box = std::nullopt;  ///< each coordinate is clamped to it after every step
};

/// Gradient descent to a mode: x <- clip(x − step_size·∇E(x)). No random numbers; chains that start
/// in the basin of one minimum meet there. It is Langevin without noise. Source: Cauchy 1847.
class GradientDescent : public Kernel {
 public:
  /// @throws Error(kUsage) if the options are invalid.
  explicit GradientDescent(const GradientDescentOptions& options);
  StepInfo advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps) const override;
  std::string divergence_hint() const override;

 private:
  Langevin noiseless_;
};

}  // namespace ebm::samplers
