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
#include "nets/architecture/presets.h"
#include "tests/ebm/trainer_case.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/intraop_threads.h"

namespace ebm {
namespace {

TEST(NoiseContrastiveTest, LossAndGradientAreThoseOfItsFormula) {
  torch_nets::use_one_intraop_thread();
  const auto made = std::make_shared<torch_nets::TorchNet>(nets::preset("mlp", {5, 1, 1}), 3);
  const torch_nets::TorchNet& net = *made;
  std::vector<float> positives(50 * 5), negatives(50 * 5), log_noise(100);
  for (std::size_t i = 0; i < positives.size(); ++i) {
    positives[i] = std::sin(0.37f * static_cast<float>(i));
    negatives[i] = std::cos(0.53f * static_cast<float>(i));
  }
  for (std::size_t i = 0; i < 100; ++i) log_noise[i] = std::sin(static_cast<float>(i)) - 0.5f;
  const auto found = noise_contrastive({made, nullptr, 2}, positives, negatives, log_noise);
  const auto rows = [](const std::vector<float>& x) {
    return torch::tensor(x, torch::kFloat64).reshape({50, 5});
  };
  const auto noise = torch::tensor(log_noise, torch::kFloat64);
  const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
    const auto up = exact.forward(rows(positives)), down = exact.forward(rows(negatives));
    // Cross-entropies of σ(h), h = ln p_θ − ln p_n.
    const auto data_right = torch::sigmoid(-up - noise.narrow(0, 0, 50));
    const auto noise_right = 1.0 - torch::sigmoid(-down - noise.narrow(0, 50, 50));
    const auto loss = -(shares * (data_right.log() + noise_right.log())).mean();
    auto values = torch::autograd::grad({loss}, exact.trainable());
    for (const auto& each : {loss, (shares * up).mean(), (shares * down).mean()}) {
      values.push_back(each);
    }
    return values;
  };
  auto values = found.gradient;
  for (const double each : {found.loss, found.energy_data, found.energy_samples}) {
    values.push_back(torch::tensor(each, torch::kFloat64));
  }
  torch_nets::expect_within_limits(values, torch_nets::in_double(net, 50, formula));
}

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
  const torch_nets::TorchNet learnt(net, {.tensors = trainer.model().tensors, .metadata = {}}, "m");
  const torch::NoGradGuard no_grad;
  const auto x = torch::arange(-3.5, 3.5, 0.05), y = torch::arange(-2.0, 3.0, 0.05);
  const auto grid = torch::stack({x.repeat_interleave(y.size(0)), y.repeat({x.size(0)})}, 1);
  const auto log_p = -learnt.forward(grid.to(torch::kFloat32));
  const auto gaussian = [&](double centre) {
    const auto square = (grid - torch::tensor({centre, 0.5})).square().sum(1);
    return torch::exp(-square / 0.5) / (0.5 * std::numbers::pi);
  };
  const auto p = 0.5 * gaussian(1.0) + 0.5 * gaussian(-1.0);
  const double area = 0.05 * 0.05;
  // Z = 1 without having been asked for, and a divergence far below that of the noise, 0.17 nats.
  EXPECT_NEAR(log_p.exp().sum().item<double>() * area, 1.0, 0.05);
  EXPECT_NEAR((p * (p.log() - log_p)).sum().item<double>() * area, 0.0, 0.05);
  std::vector<float> rows(grid.numel()), values(grid.size(0));
  const auto points = grid.to(torch::kFloat32).contiguous();
  std::copy_n(points.data_ptr<float>(), rows.size(), rows.begin());
  noise->log_density(rows, values);
  EXPECT_GT((p * (p.log() - torch::tensor(values))).sum().item<double>() * area, 0.15);
}

class NoiseContrastiveTrainerTest : public TrainerCase {};

TEST_F(NoiseContrastiveTrainerTest, BitsDependOnNoThreadsAndNoInterruption) {
  options_.objective = ObjectiveKind::kNoiseContrastive;
  options_.energy_l2 = 0.0;
  const auto noise = gaussian_noise(dataset_, 0);
  noise_ = *noise;
  Recorder reference;
  const std::string model = train("whole", reference);
  EXPECT_EQ(reference.rows.size(), 12u);
  for (const std::int64_t stop_at : {1, 4, 7}) {
    options_.threads = stop_at;
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = std::to_string(stop_at);
    train(name, recorder);
    EXPECT_EQ(train(name, recorder, true), model);
    EXPECT_EQ(recorder.rows, reference.rows);
  }
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
  options_.objective = ObjectiveKind::kNoiseContrastive;
  options_.energy_l2 = 0.0;
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
  options_.objective = ObjectiveKind::kNoiseContrastive;
  EXPECT_THROW(options_.validate(), Error);  // energy_l2 is that of cd
  options_.energy_l2 = 0.0;
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
