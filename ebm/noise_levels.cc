#include "ebm/noise_levels.h"

#include <cmath>
#include <cstddef>
#include <numbers>

#include "base/require.h"
#include "samplers/kernels/sampler_settings.h"

namespace ebm {

LevelForm level_form(double sigma, double data_sd) {
  if (data_sd == 0.0) return {};
  const double variance = sigma * sigma + data_sd * data_sd;
  const double share = sigma * sigma / variance;  // of the noise in the variance
  return {.c = 1.0 / std::sqrt(variance),
          .scale = data_sd / sigma,
          .precision = 1.0 / variance,
          .log_variance = std::log(2.0 * std::numbers::pi * variance),
          .c_slope = -share,
          .scale_slope = -1.0,
          .precision_slope = -2.0 * share / variance,
          .log_variance_slope = 2.0 * share};
}

NoisyBatch::NoisyBatch(const Batch& batch, std::int64_t dim, const LevelRange& range)
    : noisy_(batch.positives),
      levels_(batch.positives.size() / static_cast<std::size_t>(dim),
              static_cast<float>(range.lowest)),
      normals_(batch.normals) {
  const auto width = static_cast<std::size_t>(dim);
  for (std::size_t b = 0; b < levels_.size(); ++b) {
    if (range.has_many()) {
      const double ratio = range.highest / range.lowest;
      levels_[b] = static_cast<float>(range.lowest * std::pow(ratio, double{batch.uniforms[b]}));
    }
    for (std::size_t at = b * width; at < (b + 1) * width; ++at) {
      noisy_[at] += levels_[b] * batch.normals[at];
    }
    if (!batch.positive_context.empty()) context_.push_back(batch.positive_context[b]);
    if (range.has_many()) context_.push_back(levels_[b]);
  }
}

nets::SamplerRecipe level_recipe(nets::SamplerRecipe langevin, const LevelRange& range,
                                 double data_sd) {
  nets::SamplerRecipe recipe = langevin;
  recipe.sampler = samplers::SamplerKind::kAncestral;
  recipe.levels = {.highest = base::to_float("noise_sd_max", range.highest),
                   .lowest = base::to_float("noise_sd_min", range.lowest)};
  recipe.start_sd =
      static_cast<float>(std::sqrt(range.highest * range.highest + data_sd * data_sd));
  // Of annealed-langevin, in units of σ², at T = 1.
  recipe.langevin.step_size = samplers::default_step_size(samplers::SamplerKind::kAnnealedLangevin);
  recipe.langevin.noise_scale = samplers::noise_scale_of(recipe.langevin.step_size, 1.0f);
  recipe.langevin.clamp_energy_grad.reset();
  return recipe;
}

}  // namespace ebm
