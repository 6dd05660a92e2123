#include "nets/files/import_recipe.h"

#include <cmath>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/kernels/langevin.h"

namespace ebm::nets {

SamplerRecipe import_recipe(const RecipeSettings& settings, const Shape& input) {
  SamplerRecipe recipe;
  if (input.height > 1 || input.width > 1) {
    recipe.langevin = {.step_size = 10.0f,
                       .noise_scale = 0.005f,
                       .clamp_energy_grad = 0.03f,
                       .box = samplers::Box{-1.0f, 1.0f}};
  } else {
    recipe.langevin = {.step_size = 0.001953125f, .noise_scale = 0.0625f};
  }
  if (settings.steps) {
    base::require_between("steps", static_cast<double>(*settings.steps), 1, 1e9);
    recipe.n_steps = *settings.steps;
  }
  if (settings.step_size) {
    base::require_positive("step-size", *settings.step_size);
    recipe.langevin.step_size = base::to_float("step-size", *settings.step_size);
  }
  if (settings.noise_scale) {
    base::require_non_negative("noise-scale", *settings.noise_scale);
    recipe.langevin.noise_scale = base::to_float("noise-scale", *settings.noise_scale);
  }
  if (settings.temperature) {
    const auto fail = [&](const std::string& what) {
      throw Error(ErrorCode::kUsage,
                  "temperature = " + base::number_text(*settings.temperature) + what);
    };
    if (!(*settings.temperature > 0.0 && std::isfinite(*settings.temperature))) {
      fail(": must be a positive number; without noise it is --noise-scale 0");
    }
    recipe.langevin.noise_scale = samplers::noise_scale_of(
        recipe.langevin.step_size, base::to_float("temperature", *settings.temperature));
    if (recipe.langevin.noise_scale == 0.0f) {
      fail(": with step_size " + base::number_text(recipe.langevin.step_size) +
           " the noise is 0 in float32");
    }
  }
  if (settings.clamp_energy_grad) {
    base::require_non_negative("clamp-energy-grad", *settings.clamp_energy_grad);
    recipe.langevin.clamp_energy_grad.reset();
    if (*settings.clamp_energy_grad > 0.0) {
      recipe.langevin.clamp_energy_grad =
          base::to_float("clamp-energy-grad", *settings.clamp_energy_grad);
    }
  }
  recipe.langevin.validate();
  return recipe;
}

}  // namespace ebm::nets
