#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nets/compiled/rows.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// Energies of some rows, and a gradient with respect to the trainable parameters of a network.
struct WeightGradient {
  std::vector<float> energies;          ///< [n], in order
  std::vector<torch::Tensor> gradient;  ///< like TorchNet::trainable()
};

/// c_b as a function of the row b and its energy: ∂L/∂E_b of a loss of energies.
using Coefficient = std::function<float(std::int64_t row, float energy)>;

/// Σ_b c_b·∂θE(x_b). Rows go through in fixed groups of 32, n_threads groups side by side with one
/// intra-op thread each, and the groups' gradients are added in a fixed tree: the bits do not
/// depend on n_threads. On another device than the CPU, or if the network has threads inside its
/// operations, all rows are one group.
/// @param rows  [n, dim] with their contexts, where the network has conditions
/// @throws Error(kShape), Error(kUsage) for a wrong context, as nets::require_context().
WeightGradient weight_gradient(const TorchNet& net, const nets::Rows& rows,
                               const Coefficient& coefficient, int n_threads);

/// Σ_b ∂θ(v_b·∇ₓE(x_b)), by double backward; groups and tree as above. The energies are E(x_b).
/// @param rows     as above
/// @param vectors  [n, dim], the v_b, as a function of ∇ₓE(x) of a group: entry (row, d) may be
///                 masked by it. Called with the group's first row and ∇ₓE [n_group, dim].
using MixedVectors =
    std::function<torch::Tensor(std::int64_t first_row, const torch::Tensor& grad)>;
WeightGradient mixed_gradient(const TorchNet& net, const nets::Rows& rows,
                              const MixedVectors& vectors, int n_threads);

/// Σ_b ∂θ(c_b·E + v_b·∇ₓE + w_b·∂E/∂ln σ) of a network that reads a noise level σ, by double
/// backward; groups and tree as above. The energies are E(x_b).
/// @param factors  c [n], v [n, dim] and w [n] as a function of E [n], ∇ₓE [n, dim] and ∂E/∂ln σ
/// [n]
///                 of a group, called with its first row
struct LevelValues {
  torch::Tensor of_energy, of_grad, of_slope;
};
using LevelVectors = std::function<LevelValues(std::int64_t first_row, const LevelValues& values)>;
WeightGradient level_gradient(const TorchNet& net, const nets::Rows& rows,
                              const LevelVectors& factors, int n_threads);

/// coefficient · Σ_b ∂θ(v_bᵀ·∇ₓ²E(x_b)·v_b) by backward through two derivatives; groups and tree as
/// above. The energies are E(x_b).
/// @param directions  v [n, dim]
/// @param curvatures  written, v_bᵀ·∇ₓ²E(x_b)·v_b [n]
WeightGradient curvature_gradient(const TorchNet& net, const nets::Rows& rows,
                                  std::span<const float> directions, float coefficient,
                                  std::span<float> curvatures, int n_threads);

/// Losses [n] of a group of rows x [n, dim], the first being row first_row, with their graph.
using RowLosses = std::function<torch::Tensor(std::int64_t first_row, const torch::Tensor& x)>;

/// Σ_b ∂θL_b of losses of single rows, for networks with more than one output; groups and tree as
/// above. The energies of the result are the losses.
/// @param rows  [n, dim]
WeightGradient loss_gradient(const TorchNet& net, std::span<const float> rows,
                             const RowLosses& losses, int n_threads);

}  // namespace ebm::torch_nets
