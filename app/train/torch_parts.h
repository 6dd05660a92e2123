#pragma once

#include "app/train/command.h"
#include "app/train/train_args.h"

namespace ebm::app {

/// What `ebm train` takes from LibTorch.
const TorchParts& torch_parts();

/// For a command whose runs all use LibTorch.
void set_libtorch(TrainArgs& args);

}  // namespace ebm::app
