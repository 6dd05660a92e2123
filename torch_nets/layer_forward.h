#pragma once

#include <vector>

#include "nets/architecture/architecture.h"
#include "torch_nets/libtorch.h"

namespace ebm::torch_nets {

/// Mean and unbiased variance of each channel of a batch, at a batch norm.
struct BatchStatistics {
  torch::Tensor mean, variance;  ///< [channels]
};

/// What layers take beside their input, and leave.
struct LayerPass {
  /// Of the layers in order of use; moved past those consumed.
  std::vector<torch::Tensor>::const_iterator weights;
  torch::Tensor latent{};  ///< the network's input [n, dim], for layers that it modulates
  /// Where given, batch norms use their batch and append what it was like; else they use the
  /// averages among the weights.
  std::vector<BatchStatistics>* statistics = nullptr;
};

/// Applies a list of layers to x [n, c, h, w].
torch::Tensor apply_layers(const std::vector<nets::Layer>& layers, torch::Tensor x,
                           LayerPass& pass);

}  // namespace ebm::torch_nets
