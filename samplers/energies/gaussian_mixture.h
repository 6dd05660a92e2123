#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "samplers/energy.h"

namespace ebm::samplers {

/// The constants of a mixture as its arithmetic reads them; valid while the mixture lives.
struct MixtureView {
  std::int64_t n_modes;
  const float* means;   ///< μ_k, [n_modes, dim]
  const float* slopes;  ///< μ_k·log₂e/s², [n_modes, dim]
  /// log₂e·(ln w_k − dim·ln(s√(2π)) − |μ_k|²/(2s²) + shift), without the part of |μ_k|² unless
  /// compact; [n_modes]
  const float* offsets;
  float shift;                     ///< puts the middle of the offsets at 0
  float half_precision;            ///< 1/(2s²)
  float half_precision_base2;      ///< log₂e/(2s²)
  float half_precision_taken_out;  ///< 1/(2s²) if compact, else 0
  /// The means are within 20 sd of the origin: then the part −|x|²/(2s²) that all modes share is
  /// taken out of the logarithms, which leaves two FMAs of them in the plane. Further out the
  /// difference of the two large numbers would lose digits.
  bool is_compact;
  /// |x|² up to which no power of 2 leaves the range of floats; negative if not compact.
  float near_squared;
};

/// E(x) = −ln Σ_k w_k·N(x; μ_k, s²·I): a normalised mixture of isotropic Gaussians, log Z = 0 at
/// T = 1.
class GaussianMixture : public Energy {
 public:
  /// @param means    [n_modes, dim], row-major
  /// @param weights  [n_modes], positive; scaled to sum 1
  /// @param sd       s, the same for all modes
  /// @throws Error(kShape) if the sizes do not agree, Error(kUsage) on a bad weight, mean or sd.
  GaussianMixture(std::int64_t dim, std::vector<float> means, std::vector<float> weights, float sd);
  std::int64_t dim() const override { return dim_; }
  std::optional<double> log_z() const override { return 0.0; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t max_blocks) const override;

  const std::vector<float>& means() const { return means_; }
  float sd() const { return sd_; }
  MixtureView view() const;

 private:
  std::int64_t dim_;
  std::vector<float> means_, slopes_, offsets_;
  float sd_;
  float shift_;
  bool is_compact_;
  float near_squared_;
};

/// Eight equal modes on a circle of radius 1 in the plane, sd 0.15: mode k at angle 2πk/8.
/// Source: the toy of ebm-anatomy (Nijkamp et al. 2020).
GaussianMixture eight_gaussians();

/// 25 equal modes on the grid {−2, −1, 0, 1, 2}² of the plane, sd 0.05: the density that the toy
/// data set 25gaussians is drawn from.
GaussianMixture twenty_five_gaussians();

}  // namespace ebm::samplers
