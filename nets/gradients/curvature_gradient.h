#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nets/compiled/compiled_net.h"
#include "nets/compiled/rows.h"

namespace ebm::nets {

/// What curvature_gradient() finds of n rows, in order.
struct CurvatureGradient {
  std::vector<float> energies;    ///< E(x_b) [n]
  std::vector<float> slopes;      ///< v_b·∇ₓE(x_b) [n]
  std::vector<float> curvatures;  ///< v_bᵀ·∇ₓ²E(x_b)·v_b [n]
  LayerWeights gradient;          ///< like the layer weights
};

/// coefficient · Σ_b ∂/∂W (v_bᵀ·∇ₓ²E(x_b)·v_b), the v_b held fixed: the gradient of the second
/// derivative of E along v. With dots for derivatives along v, in the order of the network,
///
///     y = Wa + b, ẏ = Wȧ, ÿ = Wä,    a' = f(y), ȧ' = f'ẏ, ä' = f'ÿ + f''ẏ²,    ẋ = v, ẍ = 0,
///
/// and ä at the end is vᵀ∇²Ev. Its gradients q₂, q₁ and q₀ at ÿ, ẏ and y are
///
///     q₂ = f'q₂',  q₁ = f'q₁' + 2f''ẏq₂',  q₀ = f'q₀' + f''ẏq₁' + (f''ÿ + f'''ẏ²)q₂',
///     qᵢ' = Wᵀqᵢ of the layer behind,      ∂W = q₀aᵀ + q₁ȧᵀ + q₂äᵀ,  ∂b = q₀:
///
/// six passes of the plan. f'' and f''' of a piecewise linear activation are 0, at a kink too. A
/// film y = (1 + γ)x + β hands γ the gradient q₀x + q₁ẋ + q₂ẍ, a projection likewise. Precision,
/// blocks and the order of sums are those of mixed_gradient(); bits do not depend on n_threads.
/// Source: Griewank & Walther 2008, "Evaluating derivatives", chapter 13 (univariate Taylor
/// propagation).
/// @param rows        x [n, dim], context [n, context_dim]
/// @param directions  v [n, dim]
/// @throws what mixed_gradient() throws; Error(kShape) for directions of another size;
///         Error(kUsage) for a network with class_logits, an energy of its input, group_norm or
///         attention, of which this is not compiled
CurvatureGradient curvature_gradient(const CompiledNet& net, const Rows& rows,
                                     std::span<const float> directions, float coefficient,
                                     int n_threads);

}  // namespace ebm::nets
