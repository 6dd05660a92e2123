#pragma once

#include <cstdint>
#include <vector>

#include "nets/compiled/compiled_net.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// Standard normal rows [n, dim].
torch::Tensor random_rows(std::int64_t n, std::int64_t dim, std::uint64_t seed);

/// The context of n items [n, context_dim]: labels at random, "none" among them, and noise levels
/// from 0.01 to 50, about. Undefined of a network without conditions.
torch::Tensor random_context(const nets::Architecture& architecture, std::int64_t n,
                             std::uint64_t seed);

/// What the layers of the network use, for a compiled one.
nets::LayerWeights weights_of(const TorchNet& net);

/// Energies [n] and input gradients [n, dim].
struct Evaluation {
  torch::Tensor energy, grad;
};

/// By the compiled network, through its evaluator.
/// @param context  [n, context_dim], here and below: where the network has conditions
Evaluation evaluate(const nets::CompiledNet& net, const torch::Tensor& rows,
                    const torch::Tensor& context = {});

/// The derivatives of all activations in the order of the layers, the body of a residual before its
/// shortcut: [height·width·channels, n].
using Slopes = std::vector<torch::Tensor>;

/// As the compiled network took them on the SIMD target of now.
Slopes slopes_of(const nets::CompiledNet& net, const torch::Tensor& rows,
                 const torch::Tensor& context = {});

/// Whether two SIMD targets, each of which rounds its own way, took the input of a ReLU or a leaky
/// one to either side of its kink.
bool differ(const Slopes& one, const Slopes& other);

/// Energies [n] of x [n, dim] with given layer weights. ReLUs and leaky ones multiply with given
/// slopes instead of their own.
/// @param must_fit  whether these may differ from their own within rounding of 0 only
/// @param shares    [1, dim] of the terms of a sum over the network's input, which are 1 but for
///                  rounding; 1 without
torch::Tensor energies_with_slopes(const TorchNet& net, const std::vector<torch::Tensor>& weights,
                                   const torch::Tensor& x, const Slopes& slopes, bool must_fit,
                                   const torch::Tensor& context = {},
                                   const torch::Tensor& shares = {});

/// The energies [n] and input gradients [n, dim] that LibTorch finds in double precision.
InDouble evaluate_in_double(const TorchNet& net, const torch::Tensor& rows, const Slopes& slopes,
                            const torch::Tensor& context = {});

/// Σ_b c_b·∂E_b/∂W with respect to the layer weights, likewise.
/// @param coefficients  [n], the c_b
InDouble weight_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                   const torch::Tensor& coefficients, const Slopes& slopes,
                                   const torch::Tensor& context = {});

/// Σ_b ∂/∂W (v_b·∇ₓE(x_b)) with respect to the layer weights by double backward, then v_b·∇ₓE(x_b)
/// [n].
/// @param directions  [n, dim], the v_b
InDouble mixed_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                  const torch::Tensor& directions, const Slopes& slopes,
                                  const torch::Tensor& context = {});

/// Σ_b ∂/∂W (c_b·E + v_b·∇ₓE + w_b·∂E/∂ln σ) with respect to the layer weights by double backward,
/// then v_b·∇ₓE + w_b·∂E/∂ln σ [n] and ∂E/∂ln σ [n].
struct LevelTerms {
  torch::Tensor c, v, w;  ///< [n], [n, dim], [n]
};
InDouble level_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                  const LevelTerms& terms, const Slopes& slopes,
                                  const torch::Tensor& context);

/// coefficient·Σ_b ∂/∂W (v_bᵀ∇²E(x_b)v_b) with respect to the layer weights, then v_bᵀ∇²E(x_b)v_b
/// [n] and v_b·∇ₓE(x_b) [n].
InDouble curvature_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                      const torch::Tensor& directions, double coefficient,
                                      const Slopes& slopes, const torch::Tensor& context = {});

/// Takes the initial weights of a preset to PyTorch's size where it starts with smaller ones, which
/// would leave nothing to see of these layers; tables of classes and what else starts at 0 become
/// normal numbers of sd 0.3.
void undo_init_scale(const TorchNet& net);

}  // namespace ebm::torch_nets
