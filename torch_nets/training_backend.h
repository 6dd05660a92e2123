#pragma once

#include "ebm/evaluated_net.h"
#include "ebm/train_options.h"

namespace ebm::torch_nets {

/// What evaluates networks in training by LibTorch, on the device of the options: the reference to
/// which the compiled networks are held. It takes LibTorch's intra-op threads away from this
/// process.
/// @throws Error(kUsage) if this LibTorch has no such device.
NetBackend training_backend(const TrainOptions& options);

}  // namespace ebm::torch_nets
