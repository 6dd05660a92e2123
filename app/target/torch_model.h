#pragma once

#include <memory>

#include "nets/architecture/layer_weights.h"
#include "nets/files/model.h"
#include "samplers/energy.h"

namespace ebm::app {

/// A model as an energy evaluated by LibTorch.
/// @throws Error(kBadData) if its weights do not fit its architecture.
std::shared_ptr<const samplers::Energy> open_torch_model(const nets::Model& model);

/// A network with given layer weights as an energy evaluated by LibTorch.
/// @param intraop_threads  see torch_nets::TorchNet::set_intraop_threads
std::shared_ptr<const samplers::Energy> torch_net_energy(const nets::Architecture& architecture,
                                                         const nets::LayerWeights& weights,
                                                         int intraop_threads);

}  // namespace ebm::app
