#pragma once

#include <memory>

#include "ebm/negatives.h"
#include "ebm/train_options.h"

namespace ebm {

/// Chains along the gradient flow, new ones in each iteration once the contrast began: half of them
/// from noise of their own, through the schedule of the model's samples, half from the data of the
/// batch, by as many Langevin steps, which follow the flow. The driver of the network makes the
/// steps of samplers::GradientFlow.
std::unique_ptr<Negatives> flow_negatives(const TrainOptions& options);

}  // namespace ebm
