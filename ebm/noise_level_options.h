#pragma once

#include "ebm/train_options.h"

namespace ebm {

/// Checks the keys of noise levels: one level, many in order, or none.
/// @throws Error(kUsage) naming the key, its value and what would be right.
void require_noise_levels(const TrainOptions& options);

}  // namespace ebm
