#pragma once

#include <cstdint>

#include "metrics/features.h"
#include "nets/architecture/architecture.h"

namespace ebm::gan {

/// How a critic is kept from growing without end.
enum class CriticRule {
  /// λ·(‖∇D(x̂)‖ − 1)² at x̂ = u·x + (1 − u)·y, u ~ U[0, 1): a penalty, not a bound.
  kGradientPenalty,
  /// W/σ(W) in every linear layer: with activations of slope at most 1 the critic is 1-Lipschitz.
  kSpectralNorm,
};

struct CriticOptions {
  CriticRule rule = CriticRule::kGradientPenalty;
  double penalty = 10.0;  ///< λ
  std::int64_t n_iterations = 2000;
  std::int64_t batch_size = 64;
  double learning_rate = 2e-3;  ///< of Adam (β = 0, 0.9), falling to 0.01 of it along a cosine
  std::uint64_t seed = 0;
  int n_threads = 1;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// The estimate of a trained critic of the distance between two sets.
struct CriticEstimate {
  double value;  ///< mean D(x) − mean D(y) over all rows
  /// With spectral norms: what bounds ‖∇D‖ everywhere, Π σ(W/σ̂) of the converged power iteration.
  /// With a penalty: the largest ‖∇D‖ at the rows of both sets, which bounds nothing elsewhere.
  double gradient_norm;
};

/// Trains a critic D between x and y by the dual of W₁,
///   max_D mean D(x) − mean D(y),  ‖∇D‖ <= 1,
/// in one of the two ways in which GANs hold on to the bound. With spectral norms
/// value/gradient_norm is at most W₁. With a penalty it may be on either side: a linear critic, for
/// one, ends at m·(1 + m/(2λ)) where the sets differ by a shift of length m. The bits depend on the
/// seed, but not on n_threads.
/// @param x, y  [n, d] and [m, d]; the network takes d values and has no spectral norms yet
/// @throws Error(kShape) if the widths differ from each other or from the network's input;
///         Error(kUsage) for spectral norms in a network of other layers than linear ones and
///         activations of slope 1 at most (the norm of a convolution is not that of its matrix);
///         Error(kDiverged) if an output is not finite.
/// Source: Arjovsky et al. 2017; Gulrajani et al. 2017, eq. 3; Miyato et al. 2018.
CriticEstimate estimate_by_critic(const nets::Architecture& architecture,
                                  const metrics::FeatureView& x, const metrics::FeatureView& y,
                                  const CriticOptions& options);

}  // namespace ebm::gan
