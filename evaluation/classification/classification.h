#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluation/classification/calibration.h"
#include "evaluation/classification/class_probabilities.h"

namespace ebm::evaluation {

/// An energy with a label as a classifier, p(y | x) = softmax_y(−E(x, y)/T), beside the labels of
/// data.
struct Classification {
  std::int64_t n_classes = 0;
  double temperature = 1.0;
  std::vector<ClassScores> scores;      ///< [n]
  std::vector<std::int64_t> confusion;  ///< [n_classes, n_classes]: true class, predicted class
  double accuracy = 0.0;
  double cross_entropy = 0.0;  ///< mean of −ln p(label | x), nats
  Calibration calibration;
  /// How well the doubt, and the marginal energy, tell items that are classified wrongly from those
  /// that are classified rightly: AUROC, the wrong ones being positive. Nothing if all are right or
  /// all are wrong.
  std::optional<double> auroc_doubt, auroc_marginal;

  std::int64_t n() const { return static_cast<std::int64_t>(scores.size()); }
  /// √(a·(1 − a)/n) of the accuracy a.
  double accuracy_se() const;
  std::int64_t at(std::int64_t klass, std::int64_t predicted) const {
    return confusion[static_cast<std::size_t>(klass * n_classes + predicted)];
  }
};

/// @param energies  [n, n_classes], finite
/// @param labels    [n], from 0 to n_classes − 1
/// @throws Error(kShape) for sizes that do not agree or no item, Error(kUsage) unless T > 0
Classification classify(std::span<const float> energies, std::int64_t n_classes,
                        std::span<const std::int32_t> labels, double temperature);

/// How well a classifier tells other data from those that it was tested with: AUROC of its doubt
/// and of the marginal energy, the other data being positive.
struct OtherData {
  std::string name;
  std::int64_t n = 0;
  double auroc_doubt = 0.0, auroc_marginal = 0.0;
};

/// @param energies  of the other data, [n, n_classes]
OtherData detect_other(const Classification& test, std::span<const float> energies,
                       const std::string& name);

}  // namespace ebm::evaluation
