#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ebm/class_conditions.h"
#include "training/divergence_guard.h"
#include "training/train_observer.h"

namespace ebm {

/// Figures of a training run for each class, columns of metrics.csv: gap_class_K, the energy gap of
/// the batch's items and samples of class K, and age_class_K, the mean age of the chains of that
/// class in the replay buffer, both without a value where there are none. K is the label, or
/// `none`.
class ClassFigures {
 public:
  /// More classes than that have no figures.
  static constexpr std::int64_t kMaxClasses = 100;

  /// @param has_gaps  whether there are negatives
  /// @param has_ages  whether chains are kept
  ClassFigures(const std::optional<ClassConditions>& classes, bool has_gaps, bool has_ages);

  bool has_columns() const { return !gap_names_.empty(); }
  /// @param gaps, ages  by label and then none [K + 1]; empty before the first iteration
  void add_to(std::vector<training::Figure>& figures, std::span<const training::ClassGap> gaps,
              std::span<const std::optional<double>> ages) const;

 private:
  std::vector<std::string> gap_names_, age_names_;  // by label, and then none
};

/// The energy gap of each label [n_labels].
/// @param energies         E(x⁺) [B], then E(x⁻) [B]
/// @param positive_labels  of the x⁺ [B]
/// @param negative_labels  of the x⁻ [B]
/// @throws Error(kShape) unless there is an energy for each label.
std::vector<training::ClassGap> gaps_of_classes(std::span<const float> energies,
                                                std::span<const float> positive_labels,
                                                std::span<const float> negative_labels,
                                                std::int64_t n_labels);

}  // namespace ebm
