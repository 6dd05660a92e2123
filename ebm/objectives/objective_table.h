#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

enum class ObjectiveKind {
  kContrastiveDivergence,
  kNoiseContrastive,
  kEnergyMatching,
  kDenoisingScoreMatching,
  kDualScoreMatching,
  kEnergyDiscrepancy,
  kEquilibriumMatching,
  kRecoveryLikelihood,
  kSlicedScoreMatching
};

/// A row of the table of objectives.
struct ObjectiveEntry {
  using Member =
      std::variant<double TrainOptions::*, std::int64_t TrainOptions::*, bool TrainOptions::*>;
  /// A setting that has another default with this objective.
  struct Default {
    const char* name;
    Member member;
    double value;
    bool of_image_presets = false;  ///< not of toys, nor of networks from a file
    bool of_one_level = false;      ///< only with noise_sd, the one level of noise
  };
  ObjectiveKind kind;
  const char* name;         ///< in configurations and messages
  const char* description;  ///< a few words, for the help
  /// The settings that it reads of those which some objective does not: a setting that no row lists
  /// is read by all.
  std::vector<const char*> reads;
  std::vector<Default> defaults = {};
  const char* toy_net;  ///< the preset that toys have by default
  /// Whether images are trained at the learning rate, decay and average that won on them with
  /// contrastive divergence (docs/recipes.md).
  bool has_image_rate;
  /// Whether log Z of the E(x, σ) that it trains is the same at every σ: Model::one_log_z.
  bool one_log_z = false;
  /// @param is_image  whether items lie in a box
  std::unique_ptr<const Objective> (*make)(const TrainOptions& options, bool is_image);
};

std::span<const ObjectiveEntry> objective_table();
/// @throws Error(kInternal) if the table lacks it.
const ObjectiveEntry& objective_entry(ObjectiveKind kind);

}  // namespace ebm
