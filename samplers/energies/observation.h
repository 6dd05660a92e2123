#pragma once

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x; c) = |x − c|²/(2s²): minus the log-likelihood, up to a constant, of observing c = x + s·ξ
/// with ξ ~ N(0, I); its context c is as large as the state. Added to a prior (SumEnergy) it gives
/// the posterior of x, and by itself the Gaussian around c, log Z = dim·ln(s·√(2π)) at T = 1 for
/// any c.
class Observation : public Energy {
 public:
  /// @param sd  s
  /// @throws Error(kUsage) if dim or sd is not positive.
  Observation(std::int64_t dim, float sd);
  std::int64_t dim() const override { return dim_; }
  std::int64_t context_dim() const override { return dim_; }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::int64_t dim_;
  float sd_;
};

}  // namespace ebm::samplers
