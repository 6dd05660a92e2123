#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ebm/objectives/objective.h"

namespace ebm {

struct TrainOptions;

/// A flow from noise to data whose velocity is −∇ₓE, regressed on the straight lines between pairs:
///   L = (1/(B·d))·Σ_b ‖∇ₓE(x_t) + x₁ − x₀‖²,  x_t = (1 − t)·x₀ + t·x₁,
/// line_regression() with factors of 1, x₀ ~ N(0, I), x₁ data and t uniform. E has no t, so that
/// one potential serves all times; near the data it is low, but no log-density.
/// @param data     x₁ [B, dim], with the contexts of E
/// @param noise    x₀ [B, dim], row b being paired with x₁ of row b
/// @param times    t [B], in [0, 1]
/// @return loss, gradient, and as energies those of x_t [B]
/// Source: Balcerak, Amiranashvili, Shit, Terpin, Dittrich, Menze 2025, "Energy matching: unifying
/// flow matching and energy-based models for generative modeling", eq. 8 (its warm-up phase).
ObjectiveStep energy_matching(const EvaluatedNet& net, const nets::Rows& data,
                              std::span<const float> noise, std::span<const float> times);

/// Adds ∂θ of the contrast of the second phase to `gradient`:
///   max(weight·(mean E(x⁺) − mean E(x⁻)), −0.02),
/// the mean of E(x⁻) without the highest tenth of them, at which chains got stuck. At the bound the
/// gradient is 0: the model tells data and samples apart as far as it should.
/// Source: as energy_matching(), the authors' code.
struct Contrast {
  double gap;                   ///< mean E(x⁺) − mean E(x⁻)
  double value;                 ///< weight times that, or the bound
  std::vector<float> energies;  ///< E(x⁺) [B], E(x⁻) [B]
};
Contrast add_contrast(const EvaluatedNet& net, const nets::Rows& positives,
                      const nets::Rows& negatives, double weight,
                      std::vector<std::vector<float>>& gradient);

/// energy_matching() of the batch with draws of its own; with optimal_pairs x₀ and x₁ are paired by
/// exact optimal transport within the batch; with contrast_weight, add_contrast() from
/// contrast_start on, with chains half from noise and half from data. Samples are drawn by
/// SamplerKind::kGradientFlow from N(0, I).
std::unique_ptr<const Objective> make_energy_matching(const TrainOptions& options, bool is_image);

}  // namespace ebm
