#pragma once

#include <memory>
#include <span>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// c(γ) = 4·min(1, (1 − γ)/0.2), how steep E is a share γ of the way from noise to data: constant
/// over most of it, and 0 at the data, which so are minima.
double equilibrium_slope(double gamma);

/// A landscape without time whose gradient at x_γ = (1 − γ)·x₀ + γ·x₁ points from data x₁ to noise
/// x₀:
///   L = (1/(B·d))·Σ_b ‖∇ₓE(x_γ) − c(γ)·(x₀ − x₁)‖²,
/// with x₀ ~ N(0, I), x₁ data, γ uniform and c() of equilibrium_slope(). Descent on E leads from
/// noise to data and ends there; exp(−E) is no density.
/// @param gammas  γ [B], in [0, 1]; the others and the result as of line_regression()
/// Source: Wang & Du 2025, "Equilibrium matching: generative modeling with implicit energy-based
/// models": c(γ) truncated at 0.8 with λ = 4, and energies that are given as such.
ObjectiveStep equilibrium_matching(const EvaluatedNet& net, const nets::Rows& data,
                                   std::span<const float> noise, std::span<const float> gammas);

/// equilibrium_matching() of the batch with draws of its own. Samples are drawn by
/// SamplerKind::kNesterov from N(0, I).
std::unique_ptr<const Objective> make_equilibrium_matching(const TrainOptions& options,
                                                           bool is_image);

}  // namespace ebm
