#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "evaluation/classification/class_energies.h"
#include "samplers/box.h"

namespace ebm::evaluation {

/// Accuracy when every value of an item is perturbed by eps.
struct AttackedAccuracy {
  double eps = 0.0;
  double random = 0.0;  ///< with random signs, for comparison
  double fgsm = 0.0;    ///< with those of the gradient of the cross-entropy
};

struct SignAttackOptions {
  std::vector<double> eps;  ///< in the units of the data, not negative
  /// T of p(y | x): of the weights of the other classes in the gradient.
  double temperature = 1.0;
  std::optional<samplers::Box> box = std::nullopt;  ///< that perturbed items are clamped to
  std::uint64_t seed = 0;                           ///< of the random signs
  int n_threads = 1;
};

/// The fast gradient sign method: x' = x + eps·sign(∇ₓ(−ln p(y | x))) for the true class y. The
/// sign is that of Σ_{k≠y} q_k·(∇E(x, y) − ∇E(x, k)), q = softmax over k ≠ y of −E(x, k)/T, a
/// positive multiple of the gradient: 1 − p(y | x) of it, which may round to 0, is left out, so
/// that confidence hides no gradient. Where that is 0, the value stays. The gradient is that of the
/// items without the noise of ClassContexts::noise_draws.
/// @param rows    [n, dim]
/// @param labels  [n]
/// @return one for each eps
/// @throws Error(kShape) for sizes that do not agree, Error(kUsage) for fewer than two classes or a
///         wrong eps, Error(kDiverged) for an energy that is not finite
/// Source: Goodfellow et al. 2015, section 4.
std::vector<AttackedAccuracy> attack_by_signs(const samplers::Energy& energy,
                                              const ClassContexts& classes,
                                              std::span<const float> rows,
                                              std::span<const std::int32_t> labels,
                                              const SignAttackOptions& options);

}  // namespace ebm::evaluation
