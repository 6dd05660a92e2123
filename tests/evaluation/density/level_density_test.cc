#include "evaluation/density/level_density.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/bits_per_dim.h"
#include "evaluation/density/score_density.h"
#include "evaluation/report/density_text.h"
#include "tests/evaluation/density/level_gaussian.h"

namespace ebm::evaluation {
namespace {

constexpr LevelGaussian::Parts kParts{.dim = 3, .mean = 0.1, .a = 0.3, .b = 0.05, .constant = 7.0};

models::EnergyModel level_model(const LevelGaussian::Parts& parts, bool one_log_z) {
  models::EnergyModel model;
  model.energy = std::make_shared<LevelGaussian>(parts);
  model.shape = {parts.dim, 1, 1};
  model.origin = "model.safetensors";
  samplers::SamplerSettings settings;
  settings.levels = {.highest = 10.0f, .lowest = 0.02f};
  settings.start_sd = static_cast<float>(std::sqrt(100.0 + parts.a + parts.b));
  model.level_walk = {model.energy, settings};
  model.one_log_z = one_log_z;
  return model;
}

TEST(LevelDensityTest, BothWaysGiveTheDensityOfAGaussian) {
  const LevelGaussian energy(kParts);
  const LevelDensity density(level_model(kParts, true),
                             {DensityMethod::kEnergy, DensityMethod::kFlow}, {});
  EXPECT_NEAR(density.log_z(DensityMethod::kFlow).log_z, -kParts.constant, 1e-3);
  const auto rows = spread_rows(50, kParts.dim, 0.7, 8);
  for (const DensityMethod method : {DensityMethod::kEnergy, DensityMethod::kFlow}) {
    const std::vector<double> found = density.log_densities(rows, method);
    for (std::size_t row = 0; row < 50; ++row) {
      const double exact = energy.log_density(std::span(rows).subspan(3 * row, 3), 0.02f);
      EXPECT_NEAR(found[row], exact, 2e-3) << row;
    }
  }
}

TEST(LevelDensityTest, AnnealingFindsLogZAtTheLowestLevel) {
  LevelGaussian::Parts parts = kParts;
  parts.constant_slope = 1.5;
  const LevelGaussian energy(parts);
  const LevelDensity density(level_model(parts, false), {DensityMethod::kAnnealed}, {});
  // exp(−E) is p·exp(−C), C = 7 + 1.5·ln σ.
  const double log_z = -7.0 - 1.5 * std::log(0.02);
  const samplers::LogZEstimate& found = density.log_z(DensityMethod::kAnnealed);
  EXPECT_LT(found.se, 0.1);
  EXPECT_NEAR(found.log_z, log_z, 4 * found.se);
  const auto rows = spread_rows(20, parts.dim, 0.7, 9);
  const std::vector<double> log_p = density.log_densities(rows, DensityMethod::kAnnealed);
  for (std::size_t row = 0; row < 20; ++row) {
    const double exact = energy.log_density(std::span(rows).subspan(3 * row, 3), 0.02f);
    // The rounding of energies of tens in float32, 4e-6, times some hundred.
    EXPECT_NEAR(log_p[row] - exact, log_z - found.log_z, 5e-4);
  }
}

TEST(LevelDensityTest, TheEnergyAloneTakesLevelsOfOneNormaliser) {
  LevelGaussian::Parts parts = kParts;
  parts.constant_slope = 1.5;
  const LevelGaussian energy(parts);
  const models::EnergyModel model = level_model(parts, false);
  const LevelDensity density(model, {DensityMethod::kFlow}, {});
  const auto rows = spread_rows(20, parts.dim, 0.7, 9);
  const std::vector<double> found = density.log_densities(rows, DensityMethod::kFlow);
  for (std::size_t row = 0; row < 20; ++row) {
    EXPECT_NEAR(found[row], energy.log_density(std::span(rows).subspan(3 * row, 3), 0.02f), 2e-3);
  }
  EXPECT_FALSE(density.has_energy());
  try {
    density.log_densities(rows, DensityMethod::kEnergy);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_TRUE(std::string(error.what()).starts_with("density = energy: log Z of model.saf"));
  }
  // Before log Z, which takes minutes of images.
  data::Dataset dataset;
  dataset.n = 20;
  dataset.shape = model.shape;
  dataset.values = rows;
  int n_reports = 0;
  const LevelDensityOptions counted{.on_progress = [&](const Progress&) { ++n_reports; }};
  EXPECT_THROW(score_density(model, dataset, 0, DensityMethod::kEnergy, counted), Error);
  EXPECT_EQ(n_reports, 0);
  score_density(model, dataset, 0, DensityMethod::kFlow, counted);
  EXPECT_GT(n_reports, 0);
  const DensityComparison both = compare_densities(model, rows, false, {});
  EXPECT_FALSE(both.by_energy);
  EXPECT_EQ(both.n, 20);
  EXPECT_EQ(both.n_probes, 0);
  const nlohmann::json document = density_json(both);
  EXPECT_TRUE(document["energy"].is_null());
  EXPECT_TRUE(document["flow"]["bits_per_dim"].is_null());
  const auto& annealed = document["annealed"];
  // The flow is within 2e-3, as above.
  EXPECT_NEAR(annealed["log_p"].get<double>(), document["flow"]["log_p"].get<double>(),
              4 * annealed["log_z"]["se"].get<double>() + 2e-3);
}

TEST(LevelDensityTest, BitsPerDimensionAreThoseOfTheBin) {
  const std::vector<double> log_p{10.0, 12.0, 14.0};
  const MeanDensity found = mean_density(log_p, 5, true);
  EXPECT_DOUBLE_EQ(found.log_p, 12.0);
  EXPECT_DOUBLE_EQ(found.se, 2.0 / std::sqrt(3.0));
  EXPECT_DOUBLE_EQ(*found.bits_per_dim, 7.0 - 12.0 / (5.0 * std::log(2.0)));
  EXPECT_FALSE(mean_density(log_p, 5, false).bits_per_dim);
}

// N(0, 0.3I + 0.05·11ᵀ + 0.02²I) in nearly uniform grey levels: the mean is that of the same rows.
TEST(LevelDensityTest, ScoresAreOfDequantisedItems) {
  data::Dataset dataset;
  dataset.name = "grey";
  dataset.n = 40;
  dataset.shape = {1, 1, 3};
  std::vector<std::uint8_t> grey;
  for (std::size_t i = 0; i < 120; ++i) grey.push_back(static_cast<std::uint8_t>(i * 37 % 256));
  dataset.values = grey;
  const models::EnergyModel model = level_model(kParts, true);
  const LevelGaussian energy(kParts);
  const DensityScores found =
      score_density(model, dataset, 30, DensityMethod::kEnergy, {.seed = 3});
  ASSERT_EQ(found.energies.size(), 30u);
  for (std::size_t i = 0; i < 30; ++i) {
    double low = 1e30, high = -1e30;  // over corners of the bin
    for (int corner = 0; corner < 8; ++corner) {
      float x[3];
      for (std::size_t k = 0; k < 3; ++k) {
        x[k] = 2.0f * (static_cast<float>(grey[3 * i + k]) + static_cast<float>(corner >> k & 1)) /
                   256.0f -
               1.0f;
      }
      low = std::min(low, -energy.log_density(x, 0.02f));
      high = std::max(high, -energy.log_density(x, 0.02f));
    }
    EXPECT_GT(found.energies[i], low - 0.01);
    EXPECT_LT(found.energies[i], high + 0.01);
  }
  ASSERT_TRUE(found.mean.bits_per_dim);
  EXPECT_NEAR(*found.mean.bits_per_dim, data::bits_per_dim(-found.mean.log_p, 0.0, 3), 1e-12);
}

TEST(LevelDensityTest, AModelWithoutLevelsIsRefused) {
  models::EnergyModel model = level_model(kParts, true);
  model.level_walk.reset();
  try {
    const LevelDensity density(model, {DensityMethod::kFlow}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_TRUE(
        std::string(error.what()).starts_with("model.safetensors goes through no levels of noise"));
  }
}

}  // namespace
}  // namespace ebm::evaluation
