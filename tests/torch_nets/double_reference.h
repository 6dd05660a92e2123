#pragma once

#include <cstdint>
#include <vector>

#include "nets/compiled/compiled_net.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// Standard normal rows [n, dim].
torch::Tensor random_rows(std::int64_t n, std::int64_t dim, std::uint64_t seed);

/// What the layers of the network use, for a compiled one.
nets::LayerWeights weights_of(const TorchNet& net);

/// Energies [n] and input gradients [n, dim].
struct Evaluation {
  torch::Tensor energy, grad;
};

/// By the compiled network, through its evaluator.
Evaluation evaluate(const nets::CompiledNet& net, const torch::Tensor& rows);

/// The derivatives of all activations in the order of the layers, the body of a residual before its
/// shortcut: [height·width·channels, n].
using Slopes = std::vector<torch::Tensor>;

/// As the compiled network took them on the SIMD target of now.
Slopes slopes_of(const nets::CompiledNet& net, const torch::Tensor& rows);

/// Whether a layer is a ReLU or a leaky one: rounding can take its input across the kink.
bool has_kinks(const std::vector<nets::Layer>& layers);

/// By LibTorch in double precision. ReLUs and leaky ones multiply with given slopes instead of
/// their own, which must not differ but where the input is within rounding of 0.
Evaluation evaluate_in_double(const TorchNet& net, const torch::Tensor& rows, const Slopes& slopes);

/// Σ_b c_b·∂E_b/∂W with respect to the layer weights, likewise.
/// @param coefficients  [n], the c_b
std::vector<torch::Tensor> weight_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                                     const torch::Tensor& coefficients,
                                                     const Slopes& slopes);

/// The largest difference, in units of the largest entry or of `least_scale` if that is larger.
double relative_error(const torch::Tensor& found, const torch::Tensor& expected,
                      double least_scale = 1e-6);

/// Takes the initial weights of a preset to PyTorch's size where it starts with smaller ones, which
/// would leave nothing to see of these layers.
void undo_init_scale(const TorchNet& net);

}  // namespace ebm::torch_nets
