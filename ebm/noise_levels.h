#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ebm/objectives/objective.h"
#include "nets/files/sampler_recipe.h"

namespace ebm {

/// E(x, σ) = scale·F(c·x, σ) + ½·precision·‖x‖² + (d/2)·log_variance at one level σ, of a network
/// F, and how its parts move with the level.
struct LevelForm {
  double c = 1.0, scale = 1.0, precision = 0.0;
  double log_variance = 0.0;  ///< ln(2π(σ² + s²)), of an energy whose log Z is that of a Gaussian
  // Derivatives by ln σ: of ln c, of ln scale, of the precision, of ln(2π(σ² + s²)).
  double c_slope = 0.0, scale_slope = 0.0, precision_slope = 0.0, log_variance_slope = 0.0;
};

/// The parts of samplers/energies/noise_level_energy.h.
/// @param data_sd  s; 0: E is the network itself
LevelForm level_form(double sigma, double data_sd);

/// Data with noise, x̃_b = x_b + σ_b·z_b with z_b ~ N(0, I).
struct NoisyRows {
  std::span<const float> x;             ///< x̃ [B, dim]
  std::span<const float> normals;       ///< z [B, dim]
  std::span<const float> levels;        ///< σ [B]
  std::span<const float> context = {};  ///< of the network [B, context_dim]; empty without
};

/// Levels of noise, ln σ being uniform between the lowest and the highest.
struct LevelRange {
  double lowest = 0.0, highest = 0.0;
  /// Equal ones are one level, of which a network reads nothing.
  bool has_many() const { return lowest < highest; }
};

/// The positives of a batch with noise of levels of their own, and what a network reads of them.
class NoisyBatch {
 public:
  /// @param batch  with one row of normals for each positive and, for many levels, a uniform number
  NoisyBatch(const Batch& batch, std::int64_t dim, const LevelRange& range);
  NoisyRows rows() const { return {noisy_, normals_, levels_, context_}; }

 private:
  std::vector<float> noisy_, levels_, context_;
  std::span<const float> normals_;
};

/// How samples are drawn from E(x, σ): by SamplerKind::kAncestral through the levels.
/// @param langevin  the other settings
nets::SamplerRecipe level_recipe(nets::SamplerRecipe langevin, const LevelRange& range,
                                 double data_sd);

}  // namespace ebm
