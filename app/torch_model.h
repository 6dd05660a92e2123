#pragma once

#include <memory>

#include "nets/model.h"
#include "samplers/energy.h"

namespace ebm::app {

/// A model as an energy evaluated by LibTorch.
/// @throws Error(kBadData) if its weights do not fit its architecture.
std::shared_ptr<const samplers::Energy> open_torch_model(const nets::Model& model);

}  // namespace ebm::app
