#include "nets/files/import_recipe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/nets/expect_error.h"

namespace ebm::nets {
namespace {

const Shape kImage{1, 28, 28}, kPoint{2, 1, 1};

TEST(ImportRecipeTest, ImagesAndPointsAreSampledAsTrainingDoes) {
  const SamplerRecipe image = import_recipe({}, kImage), point = import_recipe({}, kPoint);
  EXPECT_EQ(image.langevin.step_size, 10.0f);
  EXPECT_EQ(image.langevin.noise_scale, 0.005f);
  EXPECT_EQ(image.langevin.clamp_energy_grad, 0.03f);
  EXPECT_TRUE(image.langevin.box.has_value());
  EXPECT_EQ(image.n_steps, 256);
  EXPECT_EQ(point.langevin.step_size, 0.001953125f);
  EXPECT_EQ(point.langevin.noise_scale, 0.0625f);
  EXPECT_FALSE(point.langevin.clamp_energy_grad.has_value());
  EXPECT_FALSE(point.langevin.box.has_value());
}

TEST(ImportRecipeTest, ATemperatureIsANoiseScale) {
  const SamplerRecipe recipe =
      import_recipe({.steps = 7, .step_size = 2.0, .temperature = 0.25}, kImage);
  EXPECT_EQ(recipe.n_steps, 7);
  EXPECT_EQ(recipe.langevin.step_size, 2.0f);
  EXPECT_FLOAT_EQ(recipe.langevin.noise_scale, std::sqrt(2.0f * 2.0f * 0.25f));
}

TEST(ImportRecipeTest, AClampOfZeroIsNoLimit) {
  EXPECT_FALSE(
      import_recipe({.clamp_energy_grad = 0.0}, kImage).langevin.clamp_energy_grad.has_value());
  EXPECT_EQ(import_recipe({.clamp_energy_grad = 0.5}, kPoint).langevin.clamp_energy_grad, 0.5f);
}

TEST(ImportRecipeTest, WhatNoSamplerTakesIsRefused) {
  const auto refused = [](const std::string& message, const RecipeSettings& settings) {
    expect_error(ErrorCode::kUsage, message, [&] { import_recipe(settings, kImage); });
  };
  refused("steps = 0", {.steps = 0});
  refused("step-size = 0", {.step_size = 0.0});
  refused("noise-scale = -1", {.noise_scale = -1.0});
  refused("temperature = 0: must be a positive number", {.temperature = 0.0});
  refused("temperature = nan", {.temperature = std::nan("")});
  refused("clamp-energy-grad = -1", {.clamp_energy_grad = -1.0});
}

}  // namespace
}  // namespace ebm::nets
