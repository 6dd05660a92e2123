#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ebm::evaluation {

/// p(y | x) ∝ exp(−(E(x, y) + c_y)/T).
struct ClassFit {
  double temperature = 1.0;
  std::vector<float> offsets;  ///< c_y, [n_classes], of mean 0
};

/// The T and c_y of least mean cross-entropy, with 1e-6/2·Σ (c_y/T)² added to it, by which a class
/// without items keeps a finite one. Contrastive divergence of each class leaves open a constant
/// for each: c_y = T·(ln Z_y − ln p(y)), Z_y the normaliser of a class, makes a density p(x | y) a
/// classifier. Convex in 1/T and c/T; Newton's method with halved steps.
/// @param energies  [n, n_classes]
/// @param labels    [n], from 0 to n_classes − 1
/// @return nothing where there is no least one with T > 0
/// Source: multinomial logistic regression on −E(x, y), the temperature and biases of Guo et al.
///         2017, section 4.2.
std::optional<ClassFit> fit_classes(std::span<const float> energies, std::int64_t n_classes,
                                    std::span<const std::int32_t> labels);

}  // namespace ebm::evaluation
