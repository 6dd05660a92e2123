#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(y) = Σ_d β·exp(y_d) − α·y_d: each y_d is the logarithm of a Gamma(α, rate β) variable, and
/// log Z = dim·(lnΓ(α) − α·ln β) at T = 1. Steep on one side, linear on the other.
/// Source: the target of TensorFlow Probability's test of annealed importance sampling.
class LogGamma : public Energy {
 public:
  /// @throws Error(kUsage) if dim, alpha or beta is not positive.
  explicit LogGamma(std::int64_t dim, float alpha = 5.0f, float beta = 10.0f);
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::int64_t dim_;
  float alpha_, beta_;
};

}  // namespace ebm::samplers
