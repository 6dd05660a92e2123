#pragma once

#include <cstdint>
#include <memory>

#include "ebm/negatives.h"
#include "ebm/train_options.h"
#include "training/noise_distribution.h"

namespace ebm {

/// Draws of a noise distribution, which learns if the objective needs it to.
/// @param noise  outlives them
/// @throws Error(kShape) for noise of another dim; Error(kUsage) if it shall learn and cannot.
std::unique_ptr<Negatives> noise_negatives(const TrainOptions& options,
                                           const NegativeSetting& setting,
                                           training::NoiseDistribution& noise);

}  // namespace ebm
