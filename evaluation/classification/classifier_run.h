#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "evaluation/classification/class_energies.h"
#include "evaluation/classification/class_fit.h"
#include "evaluation/classification/classification.h"
#include "evaluation/classification/sign_attack.h"

namespace ebm::evaluation {

/// A data set, and what it is called in messages and tables.
struct NamedData {
  std::string name;
  const data::Dataset& dataset;  ///< has to outlive it
};

struct ClassifierRunOptions {
  ClassContexts classes;                 ///< with offsets, if they are fitted
  std::vector<std::string> class_names;  ///< of the model, or empty
  double temperature = 1.0;
  std::vector<double> eps;        ///< of perturbations (sign_attack.h); none: none are made
  std::int64_t n_moved = 1000;    ///< random items that are perturbed, or all if there are fewer
  std::int64_t n_fitted = 10000;  ///< random items that fit_classifier() takes, likewise
  std::optional<samplers::Box> box = std::nullopt;
  std::uint64_t seed = 0;
  int n_threads = 1;
};

/// An energy with a label, measured as a classifier.
struct ClassifierRun {
  Classification test;
  /// Share of items whose own class has the least energy without weights and offsets.
  double accuracy_of_energies = 0.0;
  std::vector<std::int32_t> labels;  ///< [n], of the model
  std::vector<OtherData> others;
  std::vector<AttackedAccuracy> moved;
  std::int64_t n_moved = 0;
};

/// @param test    with labels
/// @param others  out-of-distribution data
/// @throws what class_energies(), labels_for_model() and attack_by_signs() throw
ClassifierRun run_classifier(const samplers::Energy& energy, const ClassifierRunOptions& options,
                             const NamedData& test, const std::vector<NamedData>& others);

/// fit_classes(), with weights for each of the conditions and classes, or fitted_temperature()
/// alone without offsets, on random items of a set with labels.
/// @param options  its classes, their names, n_fitted, seed and n_threads
/// @return nothing if no temperature fits
std::optional<ClassFit> fit_classifier(const samplers::Energy& energy,
                                       const ClassifierRunOptions& options, const NamedData& data,
                                       bool with_offsets);

}  // namespace ebm::evaluation
