#pragma once

#include "data/dataset.h"
#include "ebm/train_options.h"
#include "nets/architecture/architecture.h"

namespace ebm {

/// The preset that the options name, for items of the data; with condition = class it reads their
/// class as condition_by says, and with an objective of many noise levels the level.
/// @throws Error(kUsage) for an unknown preset, or data without labels that are needed;
///         Error(kShape) for items that it does not take.
nets::Architecture conditioned_preset(const TrainOptions& options, const data::Dataset& dataset);

/// @throws Error(kUsage) unless the network reads the conditions that the options have, and as many
///         classes as the data have.
/// @param gives_level  whether the objective gives a noise level
void require_conditions(const nets::Architecture& net, const TrainOptions& options,
                        const data::Dataset& dataset, bool gives_level);

}  // namespace ebm
