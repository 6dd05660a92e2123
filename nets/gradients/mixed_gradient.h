#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nets/compiled/compiled_net.h"
#include "nets/compiled/rows.h"

namespace ebm::nets {

/// Writes the direction v_b [dim] of a row, given ∇ₓE(x_b) [dim]: a fixed one, or a function of the
/// two, as 2·(∇ₓE − u)/n is, the gradient of the loss ‖∇ₓE − u‖²/n. Called once for each row, from
/// several threads; the direction is 0 before.
using Direction = std::function<void(std::int64_t row, std::span<const float> energy_grad,
                                     std::span<float> direction)>;

/// ∂L/∂E_b of a loss, and ∂L/∂(∂E_b/∂ln σ).
struct LevelFactors {
  float energy = 0.0f;       ///< c_b
  float level_slope = 0.0f;  ///< w_b
};

/// The same of a network that reads a noise level σ, given E(x_b), ∂E/∂ln σ and ∇ₓE(x_b): v_b is
/// written, c_b and w_b are returned.
using LevelDirection =
    std::function<LevelFactors(std::int64_t row, float energy, float level_slope,
                               std::span<const float> energy_grad, std::span<float> direction)>;

/// What mixed_gradient() finds of n rows, in order.
struct MixedGradient {
  std::vector<float> energies;                 ///< E(x_b) [n]
  std::vector<float> energy_grads;             ///< ∇ₓE(x_b) [n, dim]
  std::vector<float> directional_derivatives;  ///< v_b·∇ₓE(x_b) [n]
  LayerWeights gradient;                       ///< like the layer weights
};

/// Σ_b ∂/∂W (v_b·∇ₓE(x_b)), the v_b held fixed. Where layer weights are functions of parameters, as
/// W/σ(W) is, the caller applies the chain rule.
///
/// The directional derivative v·∇ₓE is the tangent of E along v: in the order of the network, with
/// a dot for tangents,
///
///     y = Wa + b,  ẏ = Wȧ,       a' = f(y),  ȧ' = f'(y)·ẏ,       ẋ = v.
///
/// Its gradient goes backwards through both lines. Of ẏ it is q, which is the gradient of E at y;
/// of y it is p:
///
///     q = f'(y)·q',  p = f'(y)·p' + f''(y)·ẏ·q',       q' = Wᵀq, p' = Wᵀp of the layer behind,
///     ∂W = p aᵀ + q ȧᵀ,  ∂b = p.
///
/// A product with a value of the context, as y = (1 + γ)x + β of a film, has γ̇ = 0 and hands γ the
/// gradient p x + q ẋ; −ln Σ exp of logits hands them, beside what it does of p, their shares s of
/// the sum times q·(Σ s ẏ − ẏ). What a group norm and an attention hand on is derived in
/// nets/compiled/group_norm-inl.h and nets/compiled/attention-inl.h.
///
/// So four passes go through the plan: a (forward), q (backward, which gives ∇ₓE, from which v is
/// made), ȧ (forward) and p (backward). p is 0 behind the last smooth activation, group norm or
/// attention, and is not computed there; f'' of a piecewise linear activation is 0, at a kink too.
/// All passes are those of the plan, Winograd's products included; in bfloat16 a, ȧ, q and p are
/// rounded where they are operands of products. Rows are processed in blocks of 16, in parallel,
/// and the blocks' gradients are added in a fixed tree: bits do not depend on n_threads. Source:
/// Pearlmutter 1994, Fast exact multiplication by the Hessian.
/// @param rows  x [n, dim], context [n, context_dim]
/// @throws Error(kShape) if rows are no whole number of items, or a context is missing; what
///         require_context() throws; Error(kUsage) for a network with batch norms, as
///         weight_gradient().
MixedGradient mixed_gradient(const CompiledNet& net, const Rows& rows, const Direction& direction,
                             int n_threads);

/// Σ_b ∂/∂W (c_b·E + v_b·∇ₓE + w_b·∂E/∂ln σ) at x_b and σ_b, the c_b, v_b and w_b held fixed: the
/// gradient of a loss of the three. The tangent then goes along w_b in ln σ, too: what a network
/// makes of the level moves, so that of a film ẏ = (1 + γ)ẋ + γ̇x + β̇, its x gets q·γ̇ in the pass p,
/// and weights before γ and β have the products p aᵀ + q ȧᵀ as all have. p starts at c_b instead of
/// 0. Passes, precision, order and errors are those of mixed_gradient().
/// @return the directional derivatives are v_b·∇ₓE + w_b·∂E/∂ln σ
/// @throws Error(kUsage) for a network without a noise level
MixedGradient level_gradient(const CompiledNet& net, const Rows& rows,
                             const LevelDirection& direction, int n_threads);

}  // namespace ebm::nets
