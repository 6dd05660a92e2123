#include "evaluation/sampling/mode_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

/// Chains in wells at −1 and 1, with labels, that no chain leaves at T = 1.
const LabelledStarts kStarts{{-1, 1, 1, -1, 1, 1}, {4, 7, 7, 4, 7, 7}};
const ModeSearchOptions kOptions{.n = 6, .frames = 5, .lag = 3, .burn_in = 2};

models::EnergyModel deep_wells() { return models::open_model("toy:double-well,height=20"); }

ModeSearch search(const models::EnergyModel& model, const landscape::EnergyMapOptions& map) {
  samplers::SamplerSettings settings = mode_search_settings(model, {.step_size = 1e-3}, 17);
  return find_modes(model, kStarts, kOptions, settings, map);
}

TEST(ModeSearchTest, WellsAreTheModesOfTheChainsThatStayInThem) {
  const ModeSearch found = search(deep_wells(), {.descent_step_size = 1e-3, .seed = 2});
  EXPECT_EQ(found.walk.n_draws, 5);
  EXPECT_EQ(found.walk.draws.size(), 30u);
  EXPECT_EQ(found.walk.info.total().n_transitions, 6 * 15);
  EXPECT_EQ(found.map.n_descents, 30);
  EXPECT_EQ(found.map.n_crossings, 0);
  ASSERT_EQ(found.map.modes.size(), 2u);
  EXPECT_NEAR(found.map.modes[0].mass, 4.0 / 6.0, 1e-12);
  EXPECT_EQ(found.map.modes[0].label, 7);
  EXPECT_EQ(found.map.modes[1].label, 4);
  EXPECT_EQ(found.map.adjusted_rand_index, 1.0);
  // E″ = 8·height = 160 at the minima: 500 steps of 1e-3 leave rounding.
  EXPECT_NEAR(found.map.modes[0].exemplar[0], 1.0f, 1e-5f);
}

TEST(ModeSearchTest, ResultsDoNotDependOnTheNumberOfThreads) {
  const ModeSearch one = search(deep_wells(), {.descent_step_size = 1e-3, .seed = 2});
  const ModeSearch two =
      search(deep_wells(), {.descent_step_size = 1e-3, .seed = 2, .n_threads = 2});
  EXPECT_EQ(one.walk.draws, two.walk.draws);
  EXPECT_EQ(one.map.modes[0].exemplar, two.map.modes[0].exemplar);
  EXPECT_NE(search(deep_wells(), {.descent_step_size = 1e-3, .seed = 3}).walk.draws,
            one.walk.draws);
}

TEST(ModeSearchTest, TheMapIsOfTheEnergyInFloat32) {
  models::EnergyModel model = deep_wells();
  model.in_float32 = [] { return models::open_model("toy:gaussian,dim=1,mean=3").energy; };
  const ModeSearch found = search(model, {.descent_step_size = 0.1});
  ASSERT_EQ(found.map.modes.size(), 1u);
  EXPECT_NEAR(found.map.modes[0].exemplar[0], 3.0f, 1e-5f);
}

TEST(ModeSearchTest, TakesMalaUnlessASamplerIsGiven) {
  models::EnergyModel model = deep_wells();
  model.settings = {
      .step_size = 0.25f, .temperature = 0.125f, .noise_scale = 0.5f, .clamp_energy_grad = 0.03f};
  const samplers::SamplerSettings usual = mode_search_settings(model, {}, 100);
  EXPECT_EQ(usual.sampler, samplers::SamplerKind::kMala);
  EXPECT_EQ(usual.temperature, model.settings.temperature);
  EXPECT_EQ(usual.step_size, model.settings.step_size);
  EXPECT_FALSE(usual.noise_scale || usual.clamp_energy_grad);
  const samplers::SamplerSettings own = mode_search_settings(model, {.sampler = "langevin"}, 100);
  EXPECT_EQ(own.sampler, samplers::SamplerKind::kLangevin);
  EXPECT_EQ(own.noise_scale, model.settings.noise_scale);
  EXPECT_EQ(own.clamp_energy_grad, model.settings.clamp_energy_grad);
  nets::expect_error(ErrorCode::kUsage, "leapfrog: not for mala",
                     [&] { mode_search_settings(model, {.leapfrog = 3}, 100); });
}

TEST(ModeSearchTest, RefusesOptionsThatMakeNoFrames) {
  const auto refuse = [](const std::string& part, const ModeSearchOptions& options) {
    nets::expect_error(ErrorCode::kUsage, part, [&] { options.validate(); });
  };
  EXPECT_NO_THROW(kOptions.validate());
  refuse("n = 0: must be at least 1", {.n = 0});
  refuse("frames = 1: must be at least 2", {.frames = 1});
  refuse("lag = 0: must be at least 1", {.lag = 0});
  refuse("burn-in = -1: must be 0 or more", {.burn_in = -1});
  refuse("burn-in = 0: must be at least 1", {.adapt = true});
}

TEST(ModeSearchTest, FramesHaveToFitInMemory) {
  EXPECT_NO_THROW((ModeSearchOptions{.n = 1000, .frames = 1000}.require_memory(1000)));
  nets::expect_error(ErrorCode::kUsage, "frames = 1001: must be fewer, or n",
                     [] { ModeSearchOptions{.n = 1000, .frames = 1001}.require_memory(1000); });
}

}  // namespace
}  // namespace ebm::evaluation
