#pragma once

#include <string>

namespace ebm::app {

/// @throws Error(kUsage) if this LibTorch cannot compute on the device named.
void require_device(const std::string& device);

}  // namespace ebm::app
