#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"

namespace ebm::samplers {

/// x₀ ~ N(0, 10²), x₁ ~ N(b·(x₀² − 100), 1), the others N(0, 1), with curvature b:
///   E(x) = x₀²/200 + ½(x₁ − b(x₀² − 100))² + ½ Σ_{d≥2} x_d².
/// All means are 0, the sds 10, √(1 + 2·10⁴·b²) and 1; log Z = dim/2·ln 2π + ln 10 at T = 1.
/// Source: Haario et al. 1999, with the constants of Inference Gym (b = 0.03, so sd₁ = √19).
class Banana : public Energy {
 public:
  /// @throws Error(kUsage) unless dim >= 2 and curvature is finite.
  explicit Banana(std::int64_t dim = 2, float curvature = 0.03f);
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

 private:
  std::int64_t dim_;
  float curvature_;
};

}  // namespace ebm::samplers
