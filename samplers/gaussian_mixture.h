#pragma once

#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// E(x) = −ln Σ_k w_k·N(x; μ_k, s²·I): a normalised mixture of isotropic Gaussians, log Z = 0 at
/// T = 1.
class GaussianMixture : public Energy {
 public:
  /// @param means    [n_modes, dim], row-major
  /// @param weights  [n_modes], positive; scaled to sum 1
  /// @param sd       s, the same for all modes
  /// @throws Error(kShape) if the sizes do not agree, Error(kUsage) on a bad weight or sd.
  GaussianMixture(std::int64_t dim, std::vector<float> means, std::vector<float> weights, float sd);
  std::int64_t dim() const override { return dim_; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  const std::vector<float>& means() const { return means_; }
  /// ln w_k − dim·ln(s·√(2π)) of every mode.
  const std::vector<float>& log_peaks() const { return log_peaks_; }
  float sd() const { return sd_; }

 private:
  std::int64_t dim_;
  std::vector<float> means_;
  std::vector<float> log_peaks_;
  float sd_;
};

/// Eight equal modes on a circle of radius 1 in the plane, sd 0.15: mode k at angle 2πk/8.
/// Source: the toy of ebm-anatomy (Nijkamp et al. 2020).
GaussianMixture eight_gaussians();

}  // namespace ebm::samplers
