#pragma once

#include <cstdint>
#include <memory>

#include "samplers/energy.h"
#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// E(x; y) = ‖A x − y‖²/(2σ²): minus the log-likelihood, up to a constant, of observing
/// y = A x + σ·ξ with ξ ~ N(0, I). Its context is y, so that every chain may have its own.
///
/// A prior exp(−E₀(x)/T) that is sampled as exp(−E/T) has the posterior E = E₀ + T·E(x; y): a
/// SumEnergy whose weight of this term is T.
class LinearObservation : public Energy {
 public:
  /// @param sd  σ
  /// @throws Error(kUsage) if the operator is null, sd not positive or 1/sd² not finite in float32
  LinearObservation(std::shared_ptr<const LinearOperator> a, float sd);
  std::int64_t dim() const override { return a_->dim(); }
  std::int64_t context_dim() const override { return a_->output_dim(); }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::shared_ptr<const LinearOperator> a_;
  float sd_;
};

}  // namespace ebm::samplers
