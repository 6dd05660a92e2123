#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

enum class ObjectiveKind { kContrastiveDivergence, kNoiseContrastive };

/// A row of the table of objectives.
struct ObjectiveEntry {
  /// A setting that other objectives do not read and have at 0.
  struct OwnKey {
    const char* name;
    double TrainOptions::*value;
  };
  ObjectiveKind kind;
  const char* name;         ///< in configurations and messages
  const char* description;  ///< a few words, for the help
  std::vector<OwnKey> own_keys;
  /// Whether the learning rate that won on images (docs/recipes.md) was found with it.
  bool has_image_rate;
  /// @param is_image  whether items lie in a box
  std::unique_ptr<const Objective> (*make)(const TrainOptions& options, bool is_image);
};

std::span<const ObjectiveEntry> objective_table();
/// @throws Error(kInternal) if the table lacks it.
const ObjectiveEntry& objective_entry(ObjectiveKind kind);

}  // namespace ebm
