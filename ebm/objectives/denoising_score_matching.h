#pragma once

#include <memory>

#include "ebm/noise_levels.h"
#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// L = (1/2B)·Σ_b ‖σ_b·∇ₓE(x̃_b) − z_b‖²: at its minimum −∇ₓE is the score of the data with noise.
/// Each level weighs alike. The gradient is Σ_b ∂θ(v_b·∇ₓE), v_b = (σ_b/B)·(σ_b·∇ₓE − z_b).
/// @param data_sd  0: E is the network; else s > 0 of the energy that
///                 samplers/energies/noise_level_energy.h makes of the network F,
///                 E(x, σ) = ‖x‖²/(2(σ² + s²)) + (s/σ)·F(x/√(σ² + s²), σ)
/// @return energies E(x̃_b), and energy_data their mean
/// Source: Vincent 2011, "A connection between score matching and denoising autoencoders", eq. 9;
/// over many levels Song & Ermon 2019, eq. 5 and 6 with λ(σ) = σ².
ObjectiveStep denoising_score_matching(const EvaluatedNet& net, const NoisyRows& rows,
                                       double data_sd);

/// denoising_score_matching(), with noise_sd at one level, for a network that reads none; with
/// noise_sd_min and noise_sd_max for E(x, σ) at levels between them, ln σ uniform and drawn anew
/// for each row.
std::unique_ptr<const Objective> make_denoising_score_matching(const TrainOptions& options,
                                                               bool is_image);

}  // namespace ebm
