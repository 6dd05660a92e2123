#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "samplers/energy.h"

namespace ebm::evaluation {

/// Rows and their conditions: what stands under each class.
struct ClassContexts {
  std::int64_t n_classes = 0;
  std::vector<float> values;        ///< [n_classes, context_dim]: a label 0, 1, ... in front
  std::vector<float> offsets = {};  ///< [n_classes], added to the energies; or empty

  std::int64_t context_dim() const { return static_cast<std::int64_t>(values.size()) / n_classes; }
  std::span<const float> of(std::int64_t klass) const;
};

/// The labels 0 to n_classes − 1, each with the same values behind it.
/// @param rest  of a context behind the label, as a noise level
/// @throws Error(kUsage) unless n_classes >= 1
ClassContexts class_contexts(std::int64_t n_classes, std::span<const float> rest = {});

/// E(x, y) of every row under every class, [n, n_classes], the offsets included: by one pass of a
/// row where the energy is a compiled network whose label is read by class_logits alone, else by
/// one for each class.
/// @param rows  [n, dim]
/// @param name  of the rows, for the message
/// @throws Error(kShape) for an energy of another context or dim, Error(kDiverged) naming the first
///         item whose energy is not finite.
std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  std::span<const float> rows, const std::string& name,
                                  int n_threads);

/// The same of a data set, without more than a few thousand of its items as floats in memory.
std::vector<float> class_energies(const samplers::Energy& energy, const ClassContexts& classes,
                                  const data::Dataset& dataset, const std::string& name,
                                  int n_threads);

}  // namespace ebm::evaluation
