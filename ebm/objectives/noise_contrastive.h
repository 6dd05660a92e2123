#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// Classification of data against noise, with ln p_θ = −E of a density that learns its own
/// normaliser:
///   L = (1/B)·Σ_b [softplus(−h(x⁺_b)) + softplus(h(x⁻_b))],  h = −E − ln p_n,
///   ∂θL = Σ_b c_b·∂θE(x_b),  c = σ(−h)/B of data, −σ(h)/B of noise.
/// At its minimum exp(−E) is the density of the data, ln Z = 0. With conditions it is that of each
/// condition, p(x | y): the noise is the same for all, and the draws have conditions in the
/// frequencies of the data.
/// @param positives    data [B, dim]
/// @param negatives    draws of the noise [B, dim]
/// @param log_noise    ln p_n of the positives, then of the negatives [2·B]
/// Source: Gutmann & Hyvärinen 2010, eq. 3; with a flow as noise Gao et al. 2020, eq. 6.
ObjectiveStep noise_contrastive(const EvaluatedNet& net, const nets::Rows& positives,
                                const nets::Rows& negatives, std::span<const float> log_noise);

/// Weights c_b of the gradient by which noise learns to be mistaken for data; it ascends the same
/// loss:
///   ∂αL = Σ_b c_b·∂α ln p_n(x_b),
///   c = σ(−h)/B of data,  (s − s̄ − σ(h))/B of draws,  s = softplus(h), s̄ its mean over the other
///   draws.
/// The draws themselves depend on α: their part is the score-function estimate of Williams 1992,
/// without bias, which needs no derivative of a draw; s̄ lowers its variance.
/// @param energies   of data, then of draws [2·B], B >= 2
/// @param log_noise  ln p_n of the same rows [2·B]
/// Source: Gao et al. 2020, "Flow contrastive estimation of energy-based models", where draws are
/// differentiated instead.
std::vector<float> noise_ascent_weights(std::span<const float> energies,
                                        std::span<const float> log_noise);

/// noise_contrastive(), for networks that end with a layer of one output and a bias, which learns
/// ln Z. initialise() sets that bias so that exp(−E) is about as large as the density of the noise:
/// far from there the gradient vanishes. With noise_learning_rate > 0 steps give the noise its
/// noise_ascent_weights().
std::unique_ptr<const Objective> make_noise_contrastive(const TrainOptions& options, bool is_image);

}  // namespace ebm
