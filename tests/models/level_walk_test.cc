// Models of E(x, σ) whose recipe goes through levels of noise.

#include <gtest/gtest.h>

#include <cmath>
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
#include "nets/files/safetensors.h"
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
  static std::string path(bool has_classes) {
    return testing::TempDir() + "level_walk_" + (has_classes ? "classes" : "plain") +
           ".safetensors";
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

/// Of several models, every one is at the level that the sampler chooses.
TEST_F(LevelWalkTest, AnExpressionGoesThroughLevelsAsItsModelsDo) {
  for (const bool has_classes : {false, true}) {
    nets::write_safetensors(path(has_classes), file(has_classes));
  }
  const auto energies_of = [](const std::shared_ptr<const samplers::Energy>& energy,
                              const std::vector<float>& context) {
    return samplers::evaluate_rows(samplers::ConditionalEnergy(energy, context), kRows).energy;
  };
  const auto expect_sum = [&](const std::vector<float>& sum, const std::vector<float>& plain,
                              double weight, const std::vector<float>& of_class) {
    for (std::size_t i = 0; i < sum.size(); ++i) {
      EXPECT_NEAR(sum[i], double{plain[i]} + weight * double{of_class[i]},
                  1e-5 * (1 + std::abs(sum[i])));
    }
  };
  const EnergyModel sum = open_model(path(false) + " + 0.5*" + path(true) + "#class=1");
  EXPECT_EQ(sum.energy->context_dim(), 0);
  expect_sum(samplers::evaluate_rows(*sum.energy, kRows).energy, energies(false, {0.25f}), 0.5,
             energies(true, {1.0f, 0.25f}));
  const EnergyModel walked = as_sampled(sum);
  EXPECT_EQ(walked.settings.sampler, samplers::SamplerKind::kProbabilityFlow);
  ASSERT_EQ(walked.energy->context_dim(), 1);
  expect_sum(energies_of(walked.energy, {2.0f}), energies(false, {2.0f}), 0.5,
             energies(true, {1.0f, 2.0f}));

  // The class of all is open, and so is the level.
  const EnergyModel open = open_model(path(true) + " - 0.25*" + path(true));
  EXPECT_EQ(open.classes, 3);
  EXPECT_TRUE(open.noise_level);
  const EnergyModel of_class = as_sampled(open);
  ASSERT_EQ(of_class.energy->context_dim(), 2);
  expect_sum(energies_of(of_class.energy, {2.0f, 0.5f}), energies(true, {2.0f, 0.5f}), -0.25,
             energies(true, {2.0f, 0.5f}));
  EXPECT_EQ(contexts_of(open, {2.0f}, 1), (std::vector<float>{2.0f, 0.25f}));

  // A model without levels: each is taken at its lowest.
  const EnergyModel mixed = open_model(path(true) + " + toy:gaussian");
  EXPECT_FALSE(mixed.level_walk);
  // So it is where some models are given their class.
  std::vector<std::string> lines;
  const EnergyModel half =
      open_model(path(true) + " + " + path(true) + "#class=1",
                 {.warn = [&](const std::string& line) { lines.push_back(line); }});
  EXPECT_FALSE(half.level_walk);
  EXPECT_EQ(half.energy->context_dim(), 1);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("taken at their lowest"), std::string::npos);
  EXPECT_EQ(mixed.classes, 3);
  EXPECT_EQ(as_sampled(mixed).settings.sampler, samplers::SamplerKind::kLangevin);
  EXPECT_EQ(mixed.energy->context_dim(), 1);
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
