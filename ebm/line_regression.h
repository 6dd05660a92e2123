#pragma once

#include <span>
#include <vector>

#include "ebm/objectives/objective.h"

namespace ebm {

/// Regression of ∇ₓE on the directions of the straight lines from data to noise:
///   L = (1/(B·d))·Σ_b ‖∇ₓE(x_t) + c_b·(x₁ − x₀)‖²,  x_t = (1 − t_b)·x₀ + t_b·x₁.
/// @param data     x₁ [B, dim], with the contexts of E
/// @param noise    x₀ [B, dim], row b being paired with x₁ of row b
/// @param times    t [B], in [0, 1]
/// @param factors  c [B]
/// @return loss, gradient, and as energies those of x_t [B]
ObjectiveStep line_regression(const EvaluatedNet& net, const nets::Rows& data,
                              std::span<const float> noise, std::span<const float> times,
                              std::span<const double> factors);

/// Sets the figure energy_noise, the mean of E(x₀) of the batch's normals, and unless the step has
/// energies of data these and their mean: of recorded steps alone, as nothing else needs them.
void record_energies_of_ends(const EvaluatedNet& net, const Batch& batch, ObjectiveStep& step);

}  // namespace ebm
