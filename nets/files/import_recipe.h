#pragma once

#include <cstdint>
#include <optional>

#include "nets/architecture/architecture.h"
#include "nets/files/model.h"

namespace ebm::nets {

/// What is said of the Langevin sampler of an imported model.
struct RecipeSettings {
  std::optional<std::int64_t> steps = std::nullopt;  ///< from noise to a sample
  std::optional<double> step_size = std::nullopt;
  std::optional<double> noise_scale = std::nullopt;
  /// Instead of noise_scale, which is √(2·step_size·T).
  std::optional<double> temperature = std::nullopt;
  std::optional<double> clamp_energy_grad = std::nullopt;  ///< 0: no limit
};

/// The sampler with which an imported model is stored: where nothing is said, images and points are
/// sampled as `ebm train` does.
/// @throws Error(kUsage) naming the setting
SamplerRecipe import_recipe(const RecipeSettings& settings, const Shape& input);

}  // namespace ebm::nets
