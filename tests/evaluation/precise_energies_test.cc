#include "evaluation/precise_energies.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "samplers/energies/function_energy.h"
#include "samplers/energies/observation.h"
#include "samplers/energies/sum_energy.h"

namespace ebm::evaluation {
namespace {

/// E = x² + error, of which every second state has none.
std::shared_ptr<const samplers::Energy> bowl(float error) {
  return std::make_shared<samplers::FunctionEnergy>(
      1, [error](std::span<const float> x, std::span<float> energy_grad) {
        energy_grad[0] = 2.0f * x[0];
        return x[0] * x[0] + (x[0] > 0.0f ? error : 0.0f);
      });
}

const std::vector<float> kStates{1.0f, -1.0f, 2.0f, -2.0f};

std::string refusal(models::EnergyModel model, const samplers::SamplerSettings& settings) {
  try {
    use_precise_energies(model, kStates, settings, {.is_refused = true});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "";
}

std::function<std::shared_ptr<const samplers::Energy>()> exact_bowl() {
  return [] { return bowl(0.0f); };
}

TEST(PreciseEnergiesTest, AnErrorAboveATenthOfTIsRefused) {
  models::EnergyModel model{.energy = bowl(1.0f), .shape = {1, 1, 1}};
  samplers::SamplerSettings settings{.sampler = samplers::SamplerKind::kMala};
  // The root of the mean square is √½: T has to be 7.0711 or more.
  settings.temperature = 7.07f;
  EXPECT_EQ(refusal(model, settings), "");  // in float32
  model.in_float32 = exact_bowl();
  const std::string text = refusal(model, settings);
  EXPECT_EQ(text.find("precision = bf16: energies are off by 0.70710"), 0u) << text;
  EXPECT_NE(text.find("mala takes their differences at T = 7.07"), std::string::npos) << text;
  EXPECT_NE(text.find("take --precision f32, or T of at least 7.0710"), std::string::npos) << text;
  settings.temperature = 7.08f;
  EXPECT_EQ(refusal(model, settings), "");
}

TEST(PreciseEnergiesTest, StatesHaveTheirContext) {
  const auto observed = std::make_shared<samplers::Observation>(1, 1.0f);
  const auto with = [&](float error) {
    return std::make_shared<samplers::SumEnergy>(
        std::vector<samplers::EnergyTerm>{{observed, 1.0f}, {bowl(error), 1.0f}});
  };
  models::EnergyModel model{
      .energy = with(1.0f), .shape = {1, 1, 1}, .in_float32 = [&] { return with(0.0f); }};
  samplers::SamplerSettings settings{.sampler = samplers::SamplerKind::kMala};
  settings.temperature = 7.08f;
  const CoarseEnergies refuses{.is_refused = true};
  EXPECT_NO_THROW(use_precise_energies(model, kStates, settings, refuses, kStates));
  settings.temperature = 7.07f;
  EXPECT_THROW(use_precise_energies(model, kStates, settings, refuses, kStates), Error);
}

TEST(PreciseEnergiesTest, AModelThatNobodyWantedInBfloat16IsTakenInFloat32) {
  models::EnergyModel model{.energy = bowl(1.0f),
                            .shape = {1, 1, 1},
                            .precision = nets::Precision::kBfloat16,
                            .in_float32 = exact_bowl()};
  const auto coarse = model.energy;
  std::string line;
  const CoarseEnergies warn{.warn = [&](const std::string& text) { line = text; }};
  use_precise_energies(model, kStates, 8.0, "log Z", warn);
  EXPECT_EQ(model.energy, coarse);
  EXPECT_EQ(line, "");
  use_precise_energies(model, kStates, 7.0, "log Z", warn);
  EXPECT_NE(model.energy, coarse);
  EXPECT_EQ(model.precision, nets::Precision::kFloat32);
  EXPECT_FALSE(model.in_float32);
  EXPECT_NE(line.find("log Z takes their differences at T = 7; the model is taken in f32"),
            std::string::npos)
      << line;
}

TEST(PreciseEnergiesTest, HoldForWhatTakesDifferencesOfEnergies) {
  const models::EnergyModel model{
      .energy = bowl(1.0f), .shape = {1, 1, 1}, .in_float32 = exact_bowl()};
  using samplers::SamplerKind;
  for (const SamplerKind kind :
       {SamplerKind::kLangevin, SamplerKind::kUnderdamped, SamplerKind::kGradientDescent}) {
    EXPECT_EQ(refusal(model, {.sampler = kind, .temperature = 1e-6f}), "");
  }
  for (const SamplerKind kind : {SamplerKind::kMala, SamplerKind::kHmc, SamplerKind::kNuts,
                                 SamplerKind::kParallelTempering}) {
    EXPECT_NE(refusal(model, {.sampler = kind, .temperature = 1e-6f}), "");
  }
  // An annealed walk goes by its schedule, whose end counts.
  samplers::SamplerSettings annealed{
      .sampler = SamplerKind::kAnnealed, .inner = SamplerKind::kMala, .temperature = 1e-6f};
  using Shape = samplers::Schedule::Shape;
  annealed.schedules.temperature = {Shape::kGeometric, 100.0, 8.0};
  EXPECT_EQ(refusal(model, annealed), "");
  annealed.schedules.temperature = {Shape::kGeometric, 100.0, 7.0};
  EXPECT_NE(refusal(model, annealed), "");
  annealed.schedules.temperature = {Shape::kConstant, 8.0, 1e-6};
  EXPECT_EQ(refusal(model, annealed), "");
}

}  // namespace
}  // namespace ebm::evaluation
