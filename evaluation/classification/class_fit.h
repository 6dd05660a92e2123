#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ebm::evaluation {

/// p(y | x) ∝ exp(−(Σ_l w_ly·(E_l(x, y) − e_l(x)) + c_y)/T), e_l the mean of the energies l over
/// the classes.
struct ClassFit {
  double temperature = 1.0;
  std::vector<float> weights;  ///< w_ly, [energies, n_classes]; the sum over l is 1 in the mean
  std::vector<float> offsets;  ///< c_y, [n_classes], of mean 0
};

/// The T, w and c of least mean cross-entropy. To it 1e-6/2·Σ (c_y/T)² is added, by which a class
/// without items keeps a finite one, and, with s_l the root mean square of E_l − e_l,
/// 1e-6/2·Σ ((w_ly − w_l)·s_l/T)², w_l the mean of w_ly over the classes, by which classes that do
/// as well with one weight have one. Contrastive divergence of each class leaves open a constant
/// for each: c_y = T·(ln Z_y − ln p(y)), Z_y the normaliser of a class, makes a density p(x | y) a
/// classifier; a density of each class may be too wide or too narrow by a factor of its own,
/// T/w_ly. Convex in w/T and c/T; Newton's method with halved steps.
/// @param energies  of one or several kinds, as at levels of noise; each [n, n_classes]
/// @param labels    [n], from 0 to n_classes − 1
/// @return nothing where there is no least one with T > 0
/// Source: multinomial logistic regression on −E(x, y), the vector scaling of Guo et al. 2017,
///         section 4.2.
std::optional<ClassFit> fit_classes(std::span<const std::vector<float>> energies,
                                    std::int64_t n_classes, std::span<const std::int32_t> labels);

}  // namespace ebm::evaluation
