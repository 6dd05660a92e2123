#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x) = ½ Σ_d ((x_d − μ_d)/σ_d)²: independent Gaussians, log Z = Σ ln(σ_d·√(2π)) at T = 1.
class DiagonalGaussian : public Energy {
 public:
  /// @param means  μ, [dim]
  /// @param sds    σ, [dim]
  /// @throws Error(kShape) if their sizes differ, Error(kUsage) if dim is 0, a mean is not finite
  /// or
  ///         an sd not positive.
  DiagonalGaussian(std::vector<float> means, std::vector<float> sds);
  std::int64_t dim() const override { return static_cast<std::int64_t>(means_.size()); }
  std::optional<double> log_z() const override;
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  const std::vector<float>& means() const { return means_; }
  const std::vector<float>& sds() const { return sds_; }

 private:
  std::vector<float> means_, sds_;
  std::vector<float> precisions_;  // 1/σ²
};

/// Mean 0, sds spaced evenly in their logarithm from `largest_sd` down to largest_sd/√condition, so
/// that the covariance has the given condition number.
/// @throws Error(kUsage) unless dim >= 1, condition >= 1 (exactly 1 if dim is 1), largest_sd > 0.
DiagonalGaussian ill_conditioned_gaussian(std::int64_t dim, double condition,
                                          double largest_sd = 1.0);

}  // namespace ebm::samplers
