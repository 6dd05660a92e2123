#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ebm/objectives/objective.h"
#include "samplers/kernels/langevin.h"

namespace ebm {

struct TrainOptions;

/// L = (1/B)·Σ_b [E(x⁺_b) − E(x⁻_b) + α·(E(x⁺_b)² + E(x⁻_b)²)], the gradient with x⁻ held fixed:
/// Σ_b c_b·∂θE(x_b), c_b = ±1/B + 2αE(x_b)/B.
/// @param positives  data [B, dim], E(x⁺, y⁺) if they have a context
/// @param negatives  samples [B, dim], likewise
/// @param energy_l2  α
/// Source: Hinton 2002; Du & Mordatch 2019, section 3.3 (sign of the L2 term as in their
/// code).
ObjectiveStep contrastive_divergence(const EvaluatedNet& net, const nets::Rows& positives,
                                     const nets::Rows& negatives, double energy_l2);

/// Adds weight·∂θ of the KL term of Improved CD to `gradient`: L = (1/B)·Σ_b E_frozen(x_K) with
/// x_K = x_{K−1} − step_size·∇E_θ(x_{K−1}) + noise, the gradient going through that last step
/// alone: −(step_size/B)·Σ_b ∂θ(v_b·∇ₓE_θ(x_{K−1})), v = ∇ₓE_frozen(x_K), zero in coordinates that
/// the clamp of the gradient or the box holds.
/// @param before  x_{K−1} [B, dim]
/// @param after   x_K [B, dim], of the same context
/// @return L, which equals mean E(x⁻)
/// Source: Du, Li, Tenenbaum & Mordatch 2021, eq. 8 and 9 (without its entropy term).
double add_kl_term(const EvaluatedNet& net, const nets::Rows& before, const nets::Rows& after,
                   const samplers::LangevinOptions& langevin, double weight,
                   std::vector<std::vector<float>>& gradient);

/// contrastive_divergence() with energy_l2, plus add_kl_term() with kl_weight.
std::unique_ptr<const Objective> make_contrastive_divergence(const TrainOptions& options,
                                                             bool is_image);

}  // namespace ebm
