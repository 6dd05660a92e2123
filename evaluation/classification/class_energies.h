#pragma once

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
  /// the energy of a class is the mean over them.
  std::vector<std::vector<float>> conditions = {{}};
  /// The energy of a class is the mean over so many copies of a row x + σn, n ~ N(0, I), with σ the
  /// first value behind the label, a level of noise: Σ_j E(x + σn_j, (y, σ))/N. 0: that of x
  /// itself.
  std::int64_t noise_draws = 0;
  std::uint64_t seed = 0;  ///< of that noise, which row i of a set has whatever is beside it
  std::vector<float> offsets = {};  ///< [n_classes], added to the energies; or empty
};

/// The contexts of n rows of one class, [n, 1 + rest]: the label, and what stands behind it.
std::vector<float> contexts_of_class(std::int64_t klass, std::span<const float> rest,
                                     std::int64_t n);

/// E(x, y) of every row under every class, [n, n_classes], the offsets included: by one pass of a
/// row (for each of the conditions) where the energy is a compiled network whose label is read by
/// class_logits alone, else by one for each class.
/// @param rows  [n, dim]
/// @param name  of the rows, for the message
/// @throws Error(kUsage) without classes or conditions, or for noise without a level; Error(kShape)
///         for an energy of another context or dim; Error(kDiverged) naming the first item whose
///         energy is not finite.
std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  std::span<const float> rows, const std::string& name,
                                  int n_threads);

/// The same of a data set, without more than a few thousand of its items as floats in memory.
std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  const data::Dataset& dataset, const std::string& name,
                                  int n_threads);

}  // namespace ebm::evaluation
