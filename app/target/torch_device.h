#pragma once

#include "torch_nets/libtorch.h"

namespace ebm::app {

/// @throws Error(kUsage) if this LibTorch cannot compute on such a device.
void require_device(torch::DeviceType device);

}  // namespace ebm::app
