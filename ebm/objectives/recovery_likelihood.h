#pragma once

#include <memory>
#include <span>

#include "ebm/noise_levels.h"
#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// The likelihood of data with noise of σ given what more noise made of it, x̃ = y + σ·√(r² − 1)·z:
///   p(y | x̃) ∝ exp(−E(y, σ) − ‖y − x̃‖²/(2σ²(r² − 1))).
/// Its gradient is that of contrastive divergence with draws y⁻ of p(y | x̃), as what x̃ adds has no
/// weights:
///   L = (1/B)·Σ_b E(y⁺_b, σ_b) − E(y⁻_b, σ_b).
/// At the minimum exp(−E(·, σ)) is the density of the data with noise of σ, up to its normaliser.
/// @param positives  y⁺ with the contexts of the network, σ the last number of each
/// @param negatives  y⁻ [B, dim], at the same contexts
/// @param data_sd    s > 0 of the energy that samplers/energies/noise_level_energy.h makes of the
///                   network F; 0: E is the network
/// Source: Gao, Song, Poole, Wu & Kingma 2021, "Learning energy-based models by diffusion recovery
/// likelihood", with levels of noise drawn anew for each row, and each of them weighing alike.
ObjectiveStep recovery_likelihood(const EvaluatedNet& net, const NoisyRows& positives,
                                  std::span<const float> negatives, double data_sd);

/// recovery_likelihood() at levels from noise_sd_min to that below noise_sd_max, ln σ uniform, with
/// draws by samplers::ConditionalLangevin. Samples are drawn by SamplerKind::kRecovery.
std::unique_ptr<const Objective> make_recovery_likelihood(const TrainOptions& options,
                                                          bool is_image);

}  // namespace ebm
