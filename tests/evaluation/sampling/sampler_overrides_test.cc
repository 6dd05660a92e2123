#include "evaluation/sampling/sampler_overrides.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "evaluation/adapted_file.h"
#include "samplers/kernels/langevin.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using samplers::SamplerKind;
using samplers::SamplerSettings;

/// The recipe of a model: Langevin with noise of its own.
SamplerSettings own_recipe() {
  return {.step_size = 0.5f,
          .temperature = 0.25f,
          .noise_scale = 0.5f,
          .box = samplers::Box{-1.0f, 1.0f}};
}

SamplerSettings overridden(const SamplerOverrides& overrides,
                           SamplerSettings settings = own_recipe()) {
  apply_overrides(overrides, /*dim=*/3, /*n_steps=*/40, settings);
  return settings;
}

void refuse_overrides(const std::string& part, const SamplerOverrides& overrides) {
  nets::expect_error(ErrorCode::kUsage, part, [&] { overridden(overrides); });
}

TEST(SamplerOverridesTest, WithoutAnyTheRecipeStays) {
  const SamplerSettings same = overridden({});
  EXPECT_EQ(same.sampler, SamplerKind::kLangevin);
  EXPECT_EQ(same.step_size, 0.5f);
  EXPECT_EQ(same.temperature, 0.25f);
  EXPECT_EQ(same.noise_scale, 0.5f);
  EXPECT_EQ(same.box->low, -1.0f);
}

TEST(SamplerOverridesTest, AStepSizeKeepsTheTemperatureAndNotTheNoise) {
  const SamplerSettings smaller = overridden({.step_size = 0.125});
  EXPECT_EQ(smaller.step_size, 0.125f);
  EXPECT_EQ(smaller.temperature, 0.25f);
  EXPECT_FALSE(smaller.noise_scale);
}

TEST(SamplerOverridesTest, ANoiseScaleSetsTheTemperature) {
  const SamplerSettings noisy = overridden({.noise_scale = 2.0});
  EXPECT_EQ(noisy.noise_scale, 2.0f);
  EXPECT_EQ(noisy.temperature, samplers::effective_temperature(0.5f, 2.0f));  // s²/(2·ε) = 4
  EXPECT_FLOAT_EQ(noisy.temperature, 4.0f);
}

TEST(SamplerOverridesTest, TheClampOfTheGradientIsSetOrTakenAway) {
  SamplerSettings clamped = own_recipe();
  clamped.clamp_energy_grad = 0.5f;
  EXPECT_EQ(overridden({}, clamped).clamp_energy_grad, 0.5f);
  EXPECT_EQ(overridden({.clamp_energy_grad = 0.25}, clamped).clamp_energy_grad, 0.25f);
  EXPECT_FALSE(overridden({.clamp_energy_grad = 0.0}, clamped).clamp_energy_grad);
  refuse_overrides("clamp-energy-grad", {.clamp_energy_grad = -1.0});
  refuse_overrides("not for mala", {.sampler = "mala", .clamp_energy_grad = 1.0});
}

TEST(SamplerOverridesTest, AnotherSamplerBringsItsStepSize) {
  const SamplerSettings hmc = overridden({.sampler = "hmc", .leapfrog = 7, .jitter = 0.5});
  EXPECT_EQ(hmc.sampler, SamplerKind::kHmc);
  EXPECT_EQ(hmc.step_size, samplers::default_step_size(SamplerKind::kHmc));
  EXPECT_FALSE(hmc.noise_scale);
  EXPECT_EQ(hmc.n_leapfrog, 7);
  EXPECT_EQ(hmc.jitter, 0.5);
  EXPECT_EQ(overridden({.sampler = "langevin"}).step_size, 0.5f);  // it is the recipe's
}

TEST(SamplerOverridesTest, SamplersInsideOfOthersTakeTheirOptions) {
  const SamplerSettings plain = overridden({.sampler = "parallel-tempering"});
  EXPECT_EQ(plain.inner, SamplerKind::kMala);
  EXPECT_EQ(plain.step_size, samplers::default_step_size(SamplerKind::kMala));
  const SamplerSettings hmc =
      overridden({.sampler = "parallel-tempering", .inner = "hmc", .leapfrog = 3});
  EXPECT_EQ(hmc.inner, SamplerKind::kHmc);
  EXPECT_EQ(hmc.n_leapfrog, 3);
  EXPECT_EQ(overridden({.sampler = "annealed"}).inner, SamplerKind::kLangevin);
  refuse_overrides("inner = hmc: not for mala", {.sampler = "mala", .inner = "hmc"});
}

TEST(SamplerOverridesTest, LaddersAreGivenOrGeometric) {
  const SamplerOverrides tempering{.sampler = "parallel-tempering"};
  SamplerOverrides given = tempering;
  given.ladder = {1, 3};
  EXPECT_EQ(overridden(given).ladder, (std::vector<float>{1, 3}));
  SamplerOverrides geometric = tempering;
  geometric.replicas = 2;
  geometric.max_temperature = 5.0;
  EXPECT_EQ(overridden(geometric).ladder, (std::vector<float>{1, 5}));
  geometric.replicas = 3;
  refuse_overrides("replicas = 3: must be 2, 4, 8 or 16", geometric);
  geometric.replicas = 4;
  geometric.max_temperature = 1.0;
  refuse_overrides("max-temperature = 1: must be above 1", geometric);
}

TEST(SamplerOverridesTest, SchedulesLastAllSteps) {
  const SamplerSettings settings =
      overridden({.sampler = "annealed", .temperature_schedule = "geometric:4:0.5"});
  EXPECT_EQ(settings.schedules.n_steps, 40);
  EXPECT_EQ(settings.schedules.temperature.start, 4.0f);
  EXPECT_EQ(settings.schedules.temperature.end, 0.5f);
  EXPECT_EQ(settings.schedules.step_size.start, settings.step_size);
  refuse_overrides(
      "temperature-schedule: not valid with --temperature",
      {.sampler = "annealed", .temperature = 1.0, .temperature_schedule = "cosine:1:2"});
  refuse_overrides("step-schedule: not valid with --step-size",
                   {.sampler = "annealed", .step_size = 1.0, .step_schedule = "cosine:1:2"});
}

TEST(SamplerOverridesTest, WallsAreThoseOfTheRecipeOrGiven) {
  const SamplerSettings moved = overridden({.box = std::vector{-2.0, 3.0}, .box_rule = "reflect"});
  EXPECT_EQ(moved.box->low, -2.0f);
  EXPECT_EQ(moved.box->high, 3.0f);
  EXPECT_EQ(moved.box_rule, samplers::BoxRule::kReflect);
  SamplerSettings without = own_recipe();
  without.box.reset();
  nets::expect_error(ErrorCode::kUsage, "box-rule = clamp: needs --box LOW,HIGH",
                     [&] { overridden({.box_rule = "clamp"}, without); });
}

TEST(SamplerOverridesTest, WhatTheSamplerIgnoresIsRefused) {
  refuse_overrides("leapfrog: not for langevin; it is an option of hmc", {.leapfrog = 3});
  refuse_overrides("momentum: not for mala; it is an option of nesterov",
                   {.sampler = "mala", .momentum = 0.5});
  refuse_overrides("friction: not for parallel-tempering of mala; it is an option of underdamped",
                   {.sampler = "parallel-tempering", .friction = 1.0});
  refuse_overrides("max-tree-depth: not for hmc", {.sampler = "hmc", .max_tree_depth = 4});
  refuse_overrides("temperature: not for nesterov", {.sampler = "nesterov", .temperature = 1.0});
}

TEST(SamplerOverridesTest, NumbersHaveToBeFloats) {
  refuse_overrides("step-size = 1e-300: must be of a size", {.step_size = 1e-300});
  refuse_overrides("noise_scale = -1", {.noise_scale = -1.0});
  refuse_overrides("leapfrog = 0: must be at least 1", {.sampler = "hmc", .leapfrog = 0});
  refuse_overrides("the noise is 0 in float32", {.step_size = 1e-30, .temperature = 1e-30});
}

TEST(SamplerOverridesTest, AnAdaptedStepIsReplacedByOneThatIsGiven) {
  const std::string file = testing::TempDir() + "sampler_overrides_adapted.json";
  write_adapted(file,
                {.sampler = SamplerKind::kHmc, .step_size = 0.75f, .inverse_mass = {1, 2, 3}});
  const SamplerSettings read = overridden({.sampler = "hmc", .adapted = file});
  EXPECT_EQ(read.step_size, 0.75f);
  EXPECT_EQ(read.inverse_mass, (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(overridden({.sampler = "hmc", .step_size = 0.5, .adapted = file}).step_size, 0.5f);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace ebm::evaluation
