// Models of E(x, σ) whose recipe goes through levels of noise.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "models/condition.h"
#include "models/open_model.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/read_layer_weights.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/energies/noise_level_energy.h"
#include "tests/samplers/evaluate_rows.h"

namespace ebm::models {
namespace {

const std::vector<float> kRows{0.25f, -1.0f, 2.0f, 0.5f};

nets::Architecture net_of(bool has_classes) {
  nets::Architecture net = nets::preset("mlp-silu", {2, 1, 1});
  if (has_classes) {
    net = nets::with_classes(std::move(net), 3, nets::ClassCondition::kFilm);
  }
  return nets::with_noise_level(std::move(net));
}

class LevelWalkTest : public testing::Test {
 protected:
  /// A network with drawn weights, also where they start at 0.
  nets::SafetensorsFile file(bool has_classes) {
    nets::SafetensorsFile file;
    float value = 0.3f;
    for (const nets::Parameter& parameter : nets::parameters(net_of(has_classes))) {
      std::vector<float> values(static_cast<std::size_t>(parameter.size()));
      for (float& each : values) {
        value = 3.9f * value * (1.0f - value);  // the logistic map, in (0, 1)
        each = 0.6f * value - 0.3f;
      }
      file.tensors.emplace(parameter.name, nets::TensorData::from_floats(parameter.shape, values));
    }
    file = nets::model_file(net_of(has_classes), recipe_, "toy:rings", std::move(file));
    file.metadata[nets::kDataSdKey] = "0.8";
    return file;
  }
  EnergyModel open(bool has_classes) {
    return open_model({file(has_classes), "m.safetensors", {}});
  }
  /// E(x, context) of all rows by the formula.
  std::vector<float> energies(bool has_classes, const std::vector<float>& context) {
    const nets::Architecture net = net_of(has_classes);
    const auto compiled = std::make_shared<nets::CompiledNet>(
        net, nets::read_layer_weights(net, file(has_classes), "m"));
    const samplers::ConditionalEnergy bound(
        std::make_shared<samplers::NoiseLevelEnergy>(compiled, 0.8f), context);
    return samplers::evaluate_rows(bound, kRows).energy;
  }

  nets::SamplerRecipe recipe_{.sampler = samplers::SamplerKind::kProbabilityFlow,
                              .langevin = {.step_size = 0.1f, .noise_scale = 0.44721f},
                              .n_steps = 12,
                              .levels = {.highest = 5.0f, .lowest = 0.25f},
                              .start_sd = 5.1f};
};

std::string refusal(const std::function<void()>& action, ErrorCode code = ErrorCode::kUsage) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "accepted";
}

TEST_F(LevelWalkTest, TheEnergyIsThatOfTheLowestLevelUnlessOneIsGiven) {
  const EnergyModel model = bind_condition(open(false), {});
  EXPECT_EQ(model.energy->context_dim(), 0);
  EXPECT_EQ(samplers::evaluate_rows(*model.energy, kRows).energy, energies(false, {0.25f}));
  EXPECT_EQ(model.settings.sampler, samplers::SamplerKind::kLangevin);
  EXPECT_FLOAT_EQ(model.settings.step_size, 0.1f * 0.25f * 0.25f);
  EXPECT_EQ(model.settings.temperature, 1.0f);
  EXPECT_FALSE(model.settings.start_sd);
  const EnergyModel other = bind_condition(open(false), {"", 0.5});
  EXPECT_EQ(samplers::evaluate_rows(*other.energy, kRows).energy, energies(false, {0.5f}));
  EXPECT_FALSE(other.level_walk);
}

TEST_F(LevelWalkTest, SamplesAreDrawnThroughTheLevelsOfTheRecipe) {
  const EnergyModel model = as_sampled(bind_condition(open(false), {}));
  EXPECT_EQ(model.settings.sampler, samplers::SamplerKind::kProbabilityFlow);
  EXPECT_EQ(model.settings.levels.highest, 5.0f);
  EXPECT_EQ(model.settings.levels.lowest, 0.25f);
  EXPECT_EQ(model.settings.schedules.n_steps, 12);
  EXPECT_EQ(model.settings.start_sd, 5.1f);
  EXPECT_EQ(model.energy->context_dim(), 1);
  // Another sampler walks at the lowest level; one at a level of its own has no walk.
  const EnergyModel by_mala =
      as_sampled(bind_condition(open(false), {}), samplers::SamplerKind::kMala);
  EXPECT_EQ(by_mala.energy->context_dim(), 0);
  EXPECT_EQ(as_sampled(bind_condition(open(false), {"", 0.5})).settings.sampler,
            samplers::SamplerKind::kLangevin);
  EXPECT_EQ(
      refusal([&] {
        as_sampled(bind_condition(open(false), {"", 0.5}), samplers::SamplerKind::kProbabilityFlow);
      }),
      "sampler = probability-flow: m.safetensors reads no levels of noise to go through");
}

TEST_F(LevelWalkTest, AClassLeavesTheLevelToTheSampler) {
  const EnergyModel model = bind_condition(open(true), {"1", {}});
  EXPECT_EQ(samplers::evaluate_rows(*model.energy, kRows).energy, energies(true, {1.0f, 0.25f}));
  const EnergyModel walked = as_sampled(model);
  ASSERT_EQ(walked.energy->context_dim(), 1);
  const samplers::ConditionalEnergy at(walked.energy, {0.5f});
  EXPECT_EQ(samplers::evaluate_rows(at, kRows).energy, energies(true, {1.0f, 0.5f}));
  const EnergyModel of_all = open(true);
  EXPECT_EQ(contexts_of(of_all, {2.0f, 0.0f}, 2),
            (std::vector<float>{2.0f, 0.25f, 2.0f, 0.25f, 0.0f, 0.25f, 0.0f, 0.25f}));
}

TEST_F(LevelWalkTest, AFileWhoseLevelsMakeNoSenseIsRefused) {
  nets::SafetensorsFile file = LevelWalkTest::file(false);
  const std::string text = file.metadata.at("sampler");
  const auto with = [&](const std::string& now, const std::string& then) {
    std::string changed = text;
    changed.replace(changed.find(now), now.size(), then);
    file.metadata["sampler"] = changed;
    return refusal([&] { open_model({file, "m", {}}); }, ErrorCode::kBadData);
  };
  EXPECT_EQ(with("level_min = 0.25", "level_min = 9.0"),
            "m: its sampler is wrong: level_min = 9: must be below level_max, 5");
  EXPECT_EQ(with("level_min = 0.25", "x = 1"), "m: its sampler has no level_min");
  file = LevelWalkTest::file(false);
  file.metadata[nets::kDataSdKey] = "-1";
  EXPECT_EQ(refusal(
                [&] {
                  open_model({file, "m", {}});
                },
                ErrorCode::kBadData),
            "m: its data_sd is '-1', expected a positive number");
  nets::SafetensorsFile plain =
      nets::model_file(nets::preset("mlp-silu", {2, 1, 1}), recipe_, "toy:rings", {});
  EXPECT_EQ(refusal(
                [&] {
                  open_model({plain, "m", {}});
                },
                ErrorCode::kBadData),
            "m: its sampler goes through levels of noise, which its network does not read");
}

}  // namespace
}  // namespace ebm::models
