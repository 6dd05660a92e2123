#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// The classes that rows are given: the labels 0 to n_classes − 1.
struct ClassContexts {
  std::int64_t n_classes = 0;
  /// The other conditions, which stand behind the label in a context: levels of noise. Of several,
  /// the energy of a class is the mean over them, or the sum with weights.
  std::vector<std::vector<float>> conditions = {{}};
  /// w_lk of condition l and class k, [conditions, n_classes]; empty: those of the mean. With e_l
  /// the mean of the energies at l over the classes, which classes do not differ in, and w_l that
  /// of the weights, E_k = Σ_l (w_l·e_l + w_lk·(E_lk − e_l)).
  std::vector<float> weights = {};
  /// The energy of a class is the mean over so many copies of a row x + σn, n ~ N(0, I), with σ the
  /// first value behind the label, a level of noise: Σ_j E(x + σn_j, (y, σ))/N. 0: that of x
  /// itself.
  std::int64_t noise_draws = 0;
  std::uint64_t seed = 0;  ///< of that noise, which row i of a set has whatever is beside it
  std::vector<float> offsets = {};  ///< [n_classes], added to the energies; or empty

  /// Of one condition, [n_classes].
  std::vector<double> weights_of(std::size_t condition) const;
};

/// The contexts of n rows of one class, [n, 1 + rest]: the label, and what stands behind it.
std::vector<float> contexts_of_class(std::int64_t klass, std::span<const float> rest,
                                     std::int64_t n);

/// E(x, y) of every row under every class at each of the conditions, [conditions][n, n_classes],
/// without weights and offsets: without gradients where the energy is a compiled network, or one at
/// a level of noise, and by one pass of a row where class_logits alone reads the label, else by one
/// for each class.
/// @param rows   [n, dim]
/// @param name   of the rows, for the message
/// @param first  number of the first row in its set
/// @throws Error(kUsage) without classes or conditions, or for noise without a level; Error(kShape)
///         for an energy of another context or dim; Error(kDiverged) naming the first item whose
///         energy is not finite.
std::vector<std::vector<float>> condition_energies(const samplers::Energy& energy,
                                                   const ClassContexts& classes,
                                                   std::span<const float> rows,
                                                   const std::string& name, int n_threads,
                                                   std::int64_t first = 0);

/// The same of a data set, without more than a few thousand of its items as floats in memory.
std::vector<std::vector<float>> condition_energies(const samplers::Energy& energy,
                                                   const ClassContexts& classes,
                                                   const data::Dataset& dataset,
                                                   const std::string& name, int n_threads);

/// The energies of the classes, [n, n_classes], with the weights and offsets of `classes`.
/// @param at_conditions  as condition_energies() makes them
std::vector<float> weighted_energies(std::span<const std::vector<float>> at_conditions,
                                     const ClassContexts& classes);

/// weighted_energies() of condition_energies().
std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  std::span<const float> rows, const std::string& name,
                                  int n_threads);
std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  const data::Dataset& dataset, const std::string& name,
                                  int n_threads);

}  // namespace ebm::evaluation
