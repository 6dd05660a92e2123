#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "samplers/energy.h"
#include "samplers/parameters.h"

namespace ebm::samplers {

/// v = x₀ ~ N(0, s²) and x_d ~ N(0, e^v) for d ≥ 1:
///   E(x) = v²/(2s²) + ½ e^{−v} Σ_{d≥1} x_d² + (dim − 1)/2·v.
/// The sd of x_d is e^{s²/4}, 9.488 for s = 3; log Z = dim/2·ln 2π + ln s at T = 1.
/// Source: Neal 2003, section 8, with the constants of Inference Gym.
class Funnel : public Energy, public NamedParameters {
 public:
  /// @throws Error(kUsage) unless dim >= 2 and sd is positive.
  explicit Funnel(std::int64_t dim = 2, float sd = 3.0f);
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// v and x[1], x[2], ...
  Parameters parameters() const override;

 private:
  std::int64_t dim_;
  float sd_;
};

}  // namespace ebm::samplers
