#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x) = Σ_{d<dim−1} b·(x_{d+1} − x_d²)² + (a − x_d)²: a curved valley whose floor is at (a, a²,
/// ...) for a = 1. In the plane log Z = ln(π/√b) at T = 1, x₀ ~ N(a, ½) and x₁ ~ N(x₀², 1/(2b))
/// given x₀; in more dimensions it is not known in closed form. Source: Rosenbrock 1960. Goodman &
/// Weare 2010 sample from E/20: see TemperedEnergy.
class Rosenbrock : public Energy {
 public:
  /// @throws Error(kUsage) unless dim >= 2, a is finite and b positive.
  explicit Rosenbrock(std::int64_t dim = 2, float a = 1.0f, float b = 100.0f);
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::int64_t dim_;
  float a_, b_;
};

}  // namespace ebm::samplers
