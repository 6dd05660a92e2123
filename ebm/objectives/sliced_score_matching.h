#pragma once

#include <memory>
#include <span>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// L = (1/B)·Σ_b −v_bᵀ·∇ₓ²E(x_b)·v_b + ½‖∇ₓE(x_b)‖², v_b ~ N(0, I): at its minimum −∇ₓE is the
/// score of the data themselves, without noise. Its mean is ½·mean‖∇ₓE + ∇ₓln p‖² up to a constant,
/// and so is below 0: −½·mean‖∇ₓln p‖² at best. The variance-reduced form, whose second term has no
/// v.
/// @param rows     data x [B, dim], with the contexts of E
/// @param normals  v [B, dim]
/// @return energies E(x_b), and energy_data their mean
/// Source: Song, Garg, Shi, Ermon 2019, "Sliced score matching: a scalable approach to density and
/// score estimation", eq. 8; Hyvärinen 2005.
ObjectiveStep sliced_score_matching(const EvaluatedNet& net, const nets::Rows& rows,
                                    std::span<const float> normals);

std::unique_ptr<const Objective> make_sliced_score_matching(const TrainOptions& options,
                                                            bool is_image);

}  // namespace ebm
