#pragma once

#include <memory>
#include <span>

#include "nets/compiled/compiled_net.h"
#include "torch_nets/weight_gradient.h"

namespace ebm::torch_nets {

/// What the layers use now, as nets::CompiledNet takes it.
nets::LayerWeights layer_weights(const TorchNet& net);

/// The network compiled for this machine's cores, with the weights that it has now.
/// @param plan  of its architecture, made once by nets::make_plan
std::shared_ptr<nets::CompiledNet> compile(const TorchNet& net,
                                           std::shared_ptr<const nets::Plan> plan);

/// As weight_gradient(), by the compiled network: the gradient with respect to the weights that the
/// layers use comes from the plan, and from there to the parameters, through the norms of weights,
/// by LibTorch.
/// @param compiled  compile() of `net`
WeightGradient compiled_weight_gradient(const TorchNet& net, const nets::CompiledNet& compiled,
                                        const nets::Rows& rows, const Coefficient& coefficient,
                                        int n_threads);

}  // namespace ebm::torch_nets
