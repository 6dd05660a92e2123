#pragma once

#include <torch/torch.h>

#include <vector>

#include "nets/architecture.h"

namespace ebm::torch_nets {

/// Applies a list of layers to x [n, c, h, w].
/// @param weights  of the layers in order of use; the iterator is moved past those consumed
torch::Tensor apply_layers(const std::vector<nets::Layer>& layers, torch::Tensor x,
                           std::vector<torch::Tensor>::const_iterator& weights);

}  // namespace ebm::torch_nets
