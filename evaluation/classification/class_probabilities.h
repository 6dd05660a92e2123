#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ebm::evaluation {

/// What the energies of an item under each class say, by p(y | x) = softmax_y(−E(x, y)/T).
struct ClassScores {
  std::int32_t predicted = 0;  ///< class of least energy, the first one of equals
  double confidence = 0.0;     ///< p of it
  /// ln((1 − p)/p) of it: rises where the confidence falls, and tells confidences apart that round
  /// to 1. −∞ if there is one class.
  double doubt = 0.0;
  /// Marginal energy −T·ln Σ_y exp(−E(x, y)/T), low where x is likely under some class.
  double marginal = 0.0;
};

/// @param energies  [n_classes], finite
/// @param temperature  T > 0
/// Source: Grathwohl et al. 2020, eq. 5 and 6, at T = 1.
ClassScores class_scores(std::span<const float> energies, double temperature);

/// p(y | x) of every class, [n_classes].
std::vector<double> class_probabilities(std::span<const float> energies, double temperature);

/// −ln p(label | x), in nats.
double cross_entropy(std::span<const float> energies, std::int32_t label, double temperature);

/// The T that makes the mean cross-entropy least: temperature scaling. The mean is convex in 1/T;
/// the zero of its slope, the mean of E(x, label) − Σ_y p(y | x)·E(x, y), is bisected.
/// @param energies  [n, n_classes]
/// @param labels    [n]
/// @return nothing where there is no least one: if all labels have the least energy, or if they do
///         no better than any other class
/// Source: Guo et al. 2017, section 4.2.
std::optional<double> fitted_temperature(std::span<const float> energies, std::int64_t n_classes,
                                         std::span<const std::int32_t> labels);

}  // namespace ebm::evaluation
