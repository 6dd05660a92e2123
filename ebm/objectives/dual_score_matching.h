#pragma once

#include <memory>

#include "ebm/noise_levels.h"
#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// With t = σ², in d dimensions:
///   L = (1/B)·Σ_b (t/d)·‖∇ₓE(x̃_b, σ_b) − z_b/σ_b‖² + (t/d)²·(∂E/∂t − (d − ‖z_b‖²)/(2t))²
/// The first term is denoising score matching. The second one fits how E moves with the level to
/// that of −ln N(x̃; x, tI), whose mean given x̃ is −∂ln p_t(x̃)/∂t: at the minimum E(x, σ) is −ln p
/// of the data with noise of σ, up to one constant for all levels. With R = ½·∂E/∂ln σ −
/// ½(d − ‖z‖²) the gradient is that of ‖σ∇ₓE − z‖²/d + R²/d².
/// @param data_sd  0: E is the network; else s > 0 of the energy with the log Z of a Gaussian that
///                 samplers/energies/noise_level_energy.h makes of the network F,
///                 E(x, σ) = ‖x‖²/(2(σ² + s²)) + (d/2)·ln(2π(σ² + s²)) + (s/σ)·F(x/√(σ² + s²), σ)
/// @return energies E(x̃_b, σ_b), and energy_data their mean
/// Source: Guth, Kadkhodaie, Simoncelli 2025, "Learning normalized image densities via dual score
/// matching".
ObjectiveStep dual_score_matching(const EvaluatedNet& net, const NoisyRows& rows, double data_sd);

/// dual_score_matching() at levels between noise_sd_min and noise_sd_max, ln σ uniform and drawn
/// anew for each row.
std::unique_ptr<const Objective> make_dual_score_matching(const TrainOptions& options,
                                                          bool is_image);

}  // namespace ebm
