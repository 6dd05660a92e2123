#pragma once

#include "nets/architecture/weighted_layers.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// What the norm of a layer is that of.
enum class NormOf {
  kMatrix,    ///< the weight as an [out_channels, rest] matrix; for a convolution no bound on its
              ///< slope
  kOperator,  ///< the map from input to output without bias: the layer's Lipschitz constant
};

/// The largest singular value of a layer, by power iterations v <- AᵀAv/‖AᵀAv‖ from a fixed start;
/// it grows with their number towards the true one. A convolution depends on the size of its
/// input, as its border does.
/// @param weight  of the layer, of any float type
/// Source: Miyato et al. 2018, algorithm 1; for convolutions Gouk et al. 2021, algorithm 2.
double largest_singular_value(const nets::WeightedLayer& layer, const torch::Tensor& weight,
                              NormOf norm, int n_iterations);
/// The norm as a map from a start of one's own, which becomes the singular vector found: a few
/// iterations then follow a weight that changes slowly.
/// @param vector  [1, channels, height, width] of the layer's input; replaced, not written to
double largest_singular_value(const nets::WeightedLayer& layer, const torch::Tensor& weight,
                              int n_iterations, torch::Tensor& vector);
/// ∂σ/∂W of σ = uᵀA(W)v, u = Av/‖Av‖ held fixed, which is uvᵀ where A is W itself.
/// @param weight  as the layer's, of any float type; the gradient has its shape
/// @param vector  v, the right singular vector found before, [1, channels, height, width]
torch::Tensor singular_value_gradient(const nets::WeightedLayer& layer, const torch::Tensor& weight,
                                      const torch::Tensor& vector);
/// The fixed start of a layer's norm as a map.
torch::Tensor power_iteration_start(const nets::WeightedLayer& layer);

/// @throws Error(kUsage) for a network with norms of weights of its own.
void require_projectable(const TorchNet& net);

/// W <- W·min(1, bound/σ(W)) of every convolution and linear layer: spectral normalisation as a
/// projection after a step, in place of a division within the network.
/// @throws what require_projectable throws
/// Source: Gouk et al. 2021, "Regularisation of neural networks by enforcing Lipschitz continuity".
void project_norms(const TorchNet& net, NormOf norm, double bound, int n_iterations);

}  // namespace ebm::torch_nets
