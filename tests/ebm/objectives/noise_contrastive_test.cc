#include "ebm/objectives/noise_contrastive.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "ebm/gaussian_noise.h"
#include "ebm/trainer.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/read_layer_weights.h"
#include "samplers/chain_block.h"
#include "samplers/run_chains.h"
#include "tests/ebm/trainer_case.h"

namespace ebm {
namespace {

/// Noise on the three states 0, 1, 2: p(k) = exp(α_k) / Σ exp(α).
struct ThreeStates {
  std::array<double, 3> alpha;

  double p(std::size_t k) const {
    return std::exp(alpha[k]) / (std::exp(alpha[0]) + std::exp(alpha[1]) + std::exp(alpha[2]));
  }
  /// ∂ ln p(k) / ∂α_j
  double score(std::size_t k, std::size_t j) const { return (k == j ? 1.0 : 0.0) - p(j); }
};

TEST(NoiseContrastiveTest, AscentOfNoiseHasTheGradientOfTheLossAsItsMean) {
  const std::array<double, 3> data{0.5, 0.3, 0.2};
  const std::array<float, 3> energy{0.4f, -0.7f, 1.3f};
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  // Of endless batches, from its definition.
  const auto loss = [&](const ThreeStates& noise) {
    double sum = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      const double h = -double{energy[k]} - std::log(noise.p(k));
      sum += data[k] * softplus(-h) + noise.p(k) * softplus(h);
    }
    return sum;
  };
  const ThreeStates noise{{0.1, -0.6, 0.9}};
  for (std::size_t j = 0; j < 3; ++j) {
    ThreeStates up = noise, down = noise;
    up.alpha[j] += 1e-5;
    down.alpha[j] -= 1e-5;
    const double wanted = (loss(up) - loss(down)) / 2e-5;
    // The mean over all batches of two data and two draws.
    double mean = 0.0;
    for (std::size_t batch = 0; batch < 81; ++batch) {
      const std::array<std::size_t, 4> k{batch % 3, batch / 3 % 3, batch / 9 % 3, batch / 27};
      std::vector<float> energies, log_noise;
      for (const std::size_t state : k) {
        energies.push_back(energy[state]);
        log_noise.push_back(static_cast<float>(std::log(noise.p(state))));
      }
      const auto weights = noise_ascent_weights(energies, log_noise);
      double step = 0.0;
      for (std::size_t i = 0; i < 4; ++i) step += double{weights[i]} * noise.score(k[i], j);
      mean += data[k[0]] * data[k[1]] * noise.p(k[2]) * noise.p(k[3]) * step;
    }
    EXPECT_NEAR(mean, wanted, 1e-6) << "alpha " << j;
  }
}

/// Points of two Gaussians of sd 0.5 at (±1, 0.5), in turn.
data::Dataset two_groups(std::int64_t n) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < n; ++i) {
    base::RandomStream random({.seed = 2, .domain = base::Domain::kToyData},
                              static_cast<std::uint64_t>(i));
    values.push_back(static_cast<float>((i % 2 == 0 ? 1.0 : -1.0) + 0.5 * random.next_normal()));
    values.push_back(static_cast<float>(0.5 + 0.5 * random.next_normal()));
  }
  return {.name = "two groups",
          .n = n,
          .shape = {2, 1, 1},
          .values = std::move(values),
          .labels = {},
          .class_names = {},
          .is_image = false};
}

TEST(GaussianNoiseTest, HasTheMomentsOfTheData) {
  const auto noise = gaussian_noise(two_groups(10000), 1);
  std::vector<float> rows(2 * 20000);
  noise->draw({.seed = 4}, 0, rows);
  double mean[2] = {}, square[2] = {};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    mean[i % 2] += double{rows[i]} / 20000;
    square[i % 2] += double{rows[i]} * double{rows[i]} / 20000;
  }
  // Means 0 and 0.5, variances 1 + 0.25 and 0.25; errors of 10,000 and 20,000 draws.
  EXPECT_NEAR(mean[0], 0.0, 4 * std::sqrt(1.25 * 1.5e-4));
  EXPECT_NEAR(mean[1], 0.5, 4 * std::sqrt(0.25 * 1.5e-4));
  EXPECT_NEAR(square[0], 1.25, 4 * 1.25 * std::sqrt(2 * 1.5e-4));
  EXPECT_NEAR(square[1] - 0.25, 0.25, 4 * 0.25 * std::sqrt(8 * 1.5e-4));
  // The same rows whatever comes before.
  std::vector<float> later(4);
  noise->draw({.seed = 4}, 7, later);
  EXPECT_EQ(later, (std::vector<float>(rows.begin() + 14, rows.begin() + 18)));
}

TEST(GaussianNoiseTest, ItsDensityIsTheFormula) {
  // Four points: mean 0, variances 4/3 and 1/3, no covariance; and 10⁻⁶·(5/6) more.
  data::Dataset cross = two_groups(4);
  cross.values = std::vector<float>{1, 0.5f, -1, -0.5f, 1, -0.5f, -1, 0.5f};
  const auto noise = gaussian_noise(cross, 0);
  const std::vector<float> rows{0.3f, -0.2f};
  std::vector<float> value(1);
  noise->log_density(rows, value);
  const double a = 4.0 / 3.0 + 1e-6 * 5 / 6, b = 1.0 / 3.0 + 1e-6 * 5 / 6;
  EXPECT_NEAR(value[0],
              -0.5 * (0.09 / a + 0.04 / b) - 0.5 * std::log(a * b) - std::log(2 * std::numbers::pi),
              1e-6);
  cross.values = std::vector<float>(8, 1.0f);
  EXPECT_THROW(gaussian_noise(cross, 0), Error);
}

/// Items of 64 values: n of them, of which the first `n_flat` are always 0.
data::Dataset some_items(std::int64_t n, std::int64_t n_flat) {
  base::RandomStream random({.seed = 7}, 0);
  data::Dataset dataset;
  dataset.name = "items";
  dataset.n = n;
  dataset.shape = {1, 8, 8};
  std::vector<float> values;
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t d = 0; d < 64; ++d) {
      const auto x = static_cast<float>(random.next_normal());
      values.push_back(d < n_flat ? 0.0f : 0.2f * x);
    }
  }
  dataset.values = std::move(values);
  return dataset;
}

/// Mean of ln p_noise over the items, less that over as many draws of the noise.
double log_density_gap(const data::Dataset& dataset) {
  const auto noise = gaussian_noise(dataset, 0);
  std::vector<float> drawn(static_cast<std::size_t>(2000 * 64)), of_drawn(2000);
  noise->draw({.seed = 1}, 0, drawn);
  noise->log_density(drawn, of_drawn);
  std::vector<float> of_items(static_cast<std::size_t>(dataset.n));
  noise->log_density(std::get<1>(dataset.values), of_items);
  const auto mean = [](const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  return mean(of_items) - mean(of_drawn);
}

// tr(Σ'⁻¹Σ) = 64, so that −2·ln p of items, but for a constant, is 64·(n − 1)/n on average; that of
// draws is 64 ± √128/√2000. Directions without variance would set them apart by half a nat each.
TEST(GaussianNoiseTest, ASingularCovarianceDoesNotSetDataApart) {
  const double error = 5.0 * 0.5 * std::sqrt(128.0 / 2000.0);
  EXPECT_NEAR(log_density_gap(some_items(20, 0)), 0.5 * 64 / 20, error);     // 45 directions
  EXPECT_NEAR(log_density_gap(some_items(500, 20)), 0.5 * 64 / 500, error);  // 20 directions
  EXPECT_NEAR(log_density_gap(some_items(2, 0)), 0.5 * 64 / 2, error);       // 63 directions
}

TEST(NoiseContrastiveTest, LearnsADensityWithItsNormaliser) {
  const data::Dataset dataset = two_groups(20000);
  TrainOptions options;
  options.objective = ObjectiveKind::kNoiseContrastive;
  options.iterations = 1500;
  options.batch_size = 256;
  options.learning_rate = 3e-3;
  options.lr_schedule = training::RateSchedule::kCosine;
  options.lr_decay_start = 0;
  options.threads = 2;
  options.clip_grad_norm = 0.0;
  options.resolve(false, options.table());
  const auto noise = gaussian_noise(dataset, 0);
  const nets::Architecture net{.name = "net",
                               .input = {2, 1, 1},
                               .layers = {nets::Linear{.out_features = 32}, nets::Activation{},
                                          nets::Linear{.out_features = 32}, nets::Activation{},
                                          nets::Linear{.out_features = 1}}};
  Trainer trainer(options, net, dataset, {.noise = *noise});
  trainer.prepare();
  for (int i = 0; i < options.iterations; ++i) ASSERT_EQ(trainer.iterate(), std::nullopt);
  const nets::CompiledNet learnt(
      net,
      nets::read_layer_weights(net, {.tensors = trainer.model().tensors, .metadata = {}}, "m"));
  std::vector<float> grid;
  for (int i = 0; i < 140; ++i) {
    for (int j = 0; j < 100; ++j) {
      grid.insert(grid.end(),
                  {-3.5f + 0.05f * static_cast<float>(i), -2.0f + 0.05f * static_cast<float>(j)});
    }
  }
  const std::size_t n = grid.size() / 2;
  samplers::ChainStore points(static_cast<std::int64_t>(n), 2);
  points.load_rows(grid);
  samplers::evaluate_chains(learnt, points, 2);
  std::vector<float> energies(n), of_noise(n);
  points.store_energy(energies);
  noise->log_density(grid, of_noise);
  const auto density = [&](std::size_t i) {
    double p = 0.0;
    for (const double centre : {1.0, -1.0}) {
      const double x = grid[2 * i] - centre, y = grid[2 * i + 1] - 0.5;
      p += 0.5 * std::exp(-(x * x + y * y) / 0.5) / (0.5 * std::numbers::pi);
    }
    return p;
  };
  const double area = 0.05 * 0.05;
  double z = 0.0, divergence = 0.0, divergence_of_noise = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double p = density(i);
    z += std::exp(-double{energies[i]}) * area;
    divergence += p * (std::log(p) + double{energies[i]}) * area;
    divergence_of_noise += p * (std::log(p) - double{of_noise[i]}) * area;
  }
  // Z = 1 without having been asked for, and a divergence far below that of the noise, 0.17 nats.
  EXPECT_NEAR(z, 1.0, 0.05);
  EXPECT_NEAR(divergence, 0.0, 0.05);
  EXPECT_GT(divergence_of_noise, 0.15);
}

class NoiseContrastiveTrainerTest : public TrainerCase {};

TEST_F(NoiseContrastiveTrainerTest, BitsDependOnNoThreadsAndNoInterruption) {
  train_by(ObjectiveKind::kNoiseContrastive);
  const auto noise = gaussian_noise(dataset_, 0);
  noise_ = *noise;
  Recorder whole;
  expect_bits_of_cuts("run", whole);
}

/// A Gaussian whose gradient is lost at once.
class LostNoise : public training::NoiseDistribution {
 public:
  explicit LostNoise(const training::NoiseDistribution& noise) : noise_(noise) {}
  std::int64_t dim() const override { return noise_.dim(); }
  void draw(const base::RandomKey& key, std::uint64_t first, std::span<float> rows) const override {
    noise_.draw(key, first, rows);
  }
  void log_density(std::span<const float> rows, std::span<float> values) const override {
    noise_.log_density(rows, values);
  }
  bool can_learn() const override { return true; }
  double ascend(std::span<const float> /*rows*/, std::span<const float> /*weights*/,
                double /*learning_rate*/, std::int64_t /*iteration*/,
                const base::RandomKey& /*key*/) override {
    return std::nan("");
  }

 private:
  const training::NoiseDistribution& noise_;
};

TEST_F(NoiseContrastiveTrainerTest, NoiseThatIsLostIsADivergence) {
  train_by(ObjectiveKind::kNoiseContrastive);
  options_.noise = "a flow";
  options_.noise_learning_rate = 1e-3;
  const auto gaussian = gaussian_noise(dataset_, 0);
  LostNoise noise(*gaussian);
  EXPECT_THROW(Trainer(options_, architecture_, dataset_, {.noise = *gaussian}), Error);
  Trainer trainer(options_, architecture_, dataset_, {.noise = noise});
  trainer.prepare();
  const auto before = trainer.model();
  EXPECT_EQ(trainer.iterate(), "the gradient of the noise is nan");
  EXPECT_EQ(trainer.counters().iteration, 0);
  EXPECT_EQ(trainer.model(), before);
}

TEST_F(NoiseContrastiveTrainerTest, WhatDoesNotFitIsRefused) {
  train_by(ObjectiveKind::kNoiseContrastive);
  options_.energy_l2 = 0.3;  // of cd
  EXPECT_THROW(options_.validate(), Error);
  options_.energy_l2 = TrainOptions().energy_l2;
  options_.validate();
  EXPECT_THROW(Trainer(options_, architecture_, dataset_), Error);
  const auto other = gaussian_noise(two_groups(100), 0);
  EXPECT_THROW(Trainer(options_, architecture_, dataset_, {.noise = *other}), Error);
  const auto noise = gaussian_noise(dataset_, 0);
  nets::Architecture without = architecture_;
  without.layers.back() = nets::Linear{.out_features = 1, .bias = false};
  EXPECT_THROW(Trainer(options_, without, dataset_, {.noise = *noise}), Error);
}

}  // namespace
}  // namespace ebm
