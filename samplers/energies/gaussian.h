#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x) = ½ (x − μ)ᵀP(x − μ): a Gaussian with precision matrix P, log Z = ½(dim·ln 2π − ln det P)
/// at T = 1. P is factored and, where the covariance is given, inverted in double precision, and
/// then rounded to float: beyond a condition number of about 1e6 the rounded one is another matrix.
class Gaussian : public Energy {
 public:
  /// @param mean       μ, [dim]
  /// @param precision  P, [dim, dim] row-major
  /// @throws Error(kShape) if the sizes do not agree; Error(kUsage) if a value is not finite or the
  ///         matrix not symmetric (to 1e-6 of its largest element) and positive definite.
  static Gaussian with_precision(std::vector<float> mean, std::span<const double> precision);
  /// The same from the covariance matrix P⁻¹, [dim, dim] row-major.
  static Gaussian with_covariance(std::vector<float> mean, std::span<const double> covariance);

  std::int64_t dim() const override { return static_cast<std::int64_t>(mean_.size()); }
  std::optional<double> log_z() const override { return log_z_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  const std::vector<float>& mean() const { return mean_; }
  /// P, [dim, dim] row-major.
  const std::vector<float>& precision() const { return precision_; }

 private:
  Gaussian(std::vector<float> mean, std::vector<float> precision, double log_z);

  std::vector<float> mean_;
  std::vector<float> precision_;
  double log_z_;
};

}  // namespace ebm::samplers
