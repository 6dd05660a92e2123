#pragma once

#include "metrics/features.h"
#include "metrics/moments.h"

namespace ebm::metrics {

struct FrechetDistance {
  double value;            ///< mean_term + covariance_term
  double mean_term;        ///< |μ₁ − μ₂|²
  double covariance_term;  ///< tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^{1/2})
  /// A set has no more rows than columns, so that its covariance is singular and the value mostly
  /// bias. Compare it with no other n.
  bool is_rank_deficient;
};

/// The Fréchet distance between the Gaussians of two sets' moments; with the features of the
/// Inception network it is the FID. Squared, as the field reports it:
///   |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^{1/2}).
/// The last trace is the sum of the singular values of FᵀG for any factors Σ₁ = F·Fᵀ, Σ₂ = G·Gᵀ:
/// real and not negative by construction, and stable where a covariance is singular. Equal sets
/// give 0 up to rounding, which may be below 0. It is biased upwards, by an amount that falls as
/// 1/n and depends on the model: state n, and see frechet_extrapolation().
/// @throws Error(kShape) if the widths differ; Error(kBadData) if a covariance has an eigenvalue
///         that is negative beyond rounding.
/// Source: Dowson & Landau 1982; Heusel et al. 2017, eq. 6.
FrechetDistance frechet_distance(const Moments& reference, const Moments& samples);

/// The same from features, [n, d] and [m, d].
/// @throws also Error(kShape) for a set of fewer than 2 rows, Error(kUsage) on n_threads < 1.
FrechetDistance frechet_distance(const FeatureView& reference, const FeatureView& samples,
                                 int n_threads = 1);

}  // namespace ebm::metrics
