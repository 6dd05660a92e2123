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
  torch::Tensor input{};  ///< the network's [n, ...], for layers that read it
  torch::Tensor label{};  ///< the items' labels [n], int64, if the network has classes
  torch::Tensor level{};  ///< features of their noise levels [n, 2F], if it has them
  /// Where given, batch norms use their batch and append what it was like; else they use the
  /// averages among the weights.
  std::vector<BatchStatistics>* statistics = nullptr;
};

/// A pass of x [n, dim] under conditions.
/// @param context  [n, context_dim] on any device, undefined where the network has no conditions
/// @throws Error(kShape) if the context has another shape, Error(kUsage) for a label or a noise
///         level out of range, which is looked at where the context lies on the CPU, and not on
///         another device.
LayerPass pass_of(const nets::Architecture& architecture,
                  std::vector<torch::Tensor>::const_iterator weights, const torch::Tensor& x,
                  const torch::Tensor& context);

/// Applies a list of layers to x [n, c, h, w].
torch::Tensor apply_layers(const std::vector<nets::Layer>& layers, torch::Tensor x,
                           LayerPass& pass);

}  // namespace ebm::torch_nets
