// log Z down levels of noise against the truth, within 4 of its own standard errors (a false alarm
// in one of 16,000 seeds), with the standard error below a stated size.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "samplers/ais/diffusion_annealing.h"

namespace ebm::samplers {
namespace {

constexpr std::int64_t kPairDim = 3;
constexpr double kModeAt = 2.0, kModeSd = 0.2, kSlope = 3.0;
constexpr NoiseLevels kPairLevels{.highest = 10.0f, .lowest = 0.1f};

/// −ln(½N(x; m, vI) + ½N(x; −m, vI)) + 3 ln σ, v = σ² + 0.2² and m = (2, 0, 0): two modes far apart
/// with noise, and log Z = −3 ln σ.
class NoisyPair : public Energy {
 public:
  std::int64_t dim() const override { return kPairDim; }
  std::int64_t context_dim() const override { return 1; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : Evaluator {
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        for (std::int64_t i = 0; i < chains.n_blocks * kLanes; ++i) {
          const std::int64_t block = i / kLanes, lane = i % kLanes;
          const auto at = [&](std::int64_t d) {
            return static_cast<std::size_t>((block * kPairDim + d) * kLanes + lane);
          };
          const double sigma = chains.context[static_cast<std::size_t>(i)];
          const double v = sigma * sigma + kModeSd * kModeSd;
          double squares = 0.0;
          for (std::int64_t d = 0; d < kPairDim; ++d) squares += std::pow(chains.x[at(d)], 2);
          const double pull = kModeAt * chains.x[at(0)] / v;
          // ln cosh without overflow.
          const double log_cosh =
              std::abs(pull) + std::log1p(std::exp(-2.0 * std::abs(pull))) - std::numbers::ln2;
          energy[static_cast<std::size_t>(i)] = static_cast<float>(
              (squares + kModeAt * kModeAt) / (2 * v) - log_cosh +
              0.5 * kPairDim * std::log(2 * std::numbers::pi * v) + kSlope * std::log(sigma));
          for (std::int64_t d = 0; d < kPairDim; ++d) {
            energy_grad[at(d)] = static_cast<float>(
                (chains.x[at(d)] - (d == 0 ? kModeAt * std::tanh(pull) : 0.0)) / v);
          }
        }
      }
    };
    return std::make_unique<Each>();
  }
};

/// At the lowest level.
std::vector<float> exact_draws(std::int64_t n) {
  base::RandomStream stream({.seed = 5, .domain = base::Domain::kToyData}, 0);
  std::vector<float> rows;
  const double sd = std::hypot(kModeSd, double{kPairLevels.lowest});
  for (std::int64_t i = 0; i < n; ++i) {
    const double mean = double{stream.next_uniform()} < 0.5 ? kModeAt : -kModeAt;
    for (std::int64_t d = 0; d < kPairDim; ++d) {
      rows.push_back(static_cast<float>((d == 0 ? mean : 0.0) + sd * double{stream.next_normal()}));
    }
  }
  return rows;
}

DiffusionAnnealingOptions through_levels(std::int64_t n_levels, int n_threads = 1) {
  return {.base_sd = 10.0f,
          .levels = kPairLevels,
          .n_levels = n_levels,
          .seed = 3,
          .n_threads = n_threads};
}

TEST(DiffusionAnnealingTest, MeetsTwoModesFromBothDirections) {
  const double truth = -kSlope * std::log(double{kPairLevels.lowest});
  DiffusionAnnealing ais(std::make_shared<NoisyPair>(), through_levels(400));
  const LogZEstimate forward = *ais.forward(2048), reverse = *ais.reverse(exact_draws(2048));
  for (const LogZEstimate& found : {forward, reverse}) {
    EXPECT_LT(found.se, 0.02);
    EXPECT_NEAR(found.log_z, truth, 4 * found.se) << "ESS " << found.ess;
    EXPECT_TRUE(std::isnan(found.acceptance));
  }
}

/// ‖x‖²/(2σ²): of data that are all 0, with noise.
class NoiseAlone : public Energy {
 public:
  std::int64_t dim() const override { return kPairDim; }
  std::int64_t context_dim() const override { return 1; }
  std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override {
    struct Each : Evaluator {
      void evaluate(const BlockView& chains, std::span<float> energy,
                    std::span<float> energy_grad) override {
        for (std::size_t i = 0; i < energy.size(); ++i) {
          const auto lanes = static_cast<std::size_t>(kLanes);
          const std::size_t first = i / lanes * lanes * kPairDim + i % lanes;
          const double variance = double{chains.context[i]} * chains.context[i];
          double sum = 0.0;
          for (std::size_t d = 0; d < kPairDim; ++d) {
            const double x = chains.x[first + d * lanes];
            sum += 0.5 * x * x / variance;
            energy_grad[first + d * lanes] = static_cast<float>(x / variance);
          }
          energy[i] = static_cast<float>(sum);
        }
      }
    };
    return std::make_unique<Each>();
  }
};

// There q is the reverse of r exactly, so that every weight is that of Z/Z_base = (σ_K/σ_1)^dim: to
// the rounding of 40 steps, whose energies of up to 20 are floats.
TEST(DiffusionAnnealingTest, EveryWeightIsExactWhereTheReverseIs) {
  DiffusionAnnealing ais(std::make_shared<NoiseAlone>(), through_levels(40));
  const double truth = kPairDim * std::log(double{kPairLevels.lowest} / kPairLevels.highest);
  std::vector<float> rows = exact_draws(64);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] *= i % 3 == 0 ? 0.02f : 0.4f;
  const LogZEstimate forward = *ais.forward(64), reverse = *ais.reverse(rows);
  for (const double log_w : forward.log_w) EXPECT_NEAR(log_w, truth, 1e-4);
  for (const double log_w : reverse.log_w) EXPECT_NEAR(log_w, -truth, 1e-4);
}

// The variance of ln w falls as 1/K: of 400 levels a quarter of that of 100. Of 1024 numbers that
// are nearly normal a variance is known to √(2/1023) = 4.4 %, the quotient to 0.25; 1 is four times
// that.
TEST(DiffusionAnnealingTest, WeightsVaryLessWithMoreLevels) {
  const auto variance = [](std::int64_t n_levels) {
    DiffusionAnnealing ais(std::make_shared<NoisyPair>(), through_levels(n_levels));
    const LogZEstimate found = *ais.forward(1024);
    double squares = 0.0;
    for (const double each : found.log_w) squares += std::pow(each - found.mean_log_w, 2);
    return squares / 1023.0;
  };
  EXPECT_NEAR(variance(100) / variance(400), 4.0, 1.0);
}

TEST(DiffusionAnnealingTest, BitsDoNotDependOnThreads) {
  const auto weights = [](int n_threads) {
    DiffusionAnnealing ais(std::make_shared<NoisyPair>(), through_levels(20, n_threads));
    std::vector<double> all = ais.forward(70)->log_w;
    const std::vector<double> reverse = ais.reverse(exact_draws(70))->log_w;
    all.insert(all.end(), reverse.begin(), reverse.end());
    return all;
  };
  const std::vector<double> one = weights(1);
  ASSERT_EQ(one.size(), 140u);
  EXPECT_EQ(weights(2), one);
  EXPECT_EQ(weights(3), one);
}

// Cut into pieces by an observer, it is the same.
TEST(DiffusionAnnealingTest, CanBeObservedAndStopped) {
  const auto through = [](const AnnealingObserver& observer) {
    DiffusionAnnealing ais(std::make_shared<NoisyPair>(), through_levels(30));
    return ais.forward(20, observer);
  };
  int n_calls = 0;
  const auto watched = through([&](double fraction) { return ++n_calls > 0 && fraction <= 1.0; });
  EXPECT_GE(n_calls, 2);
  EXPECT_EQ(watched->log_w, through(nullptr)->log_w);
  EXPECT_FALSE(through([](double) { return false; }));
}

TEST(DiffusionAnnealingTest, WrongInputIsRefused) {
  struct Flat : Energy {
    std::int64_t dim() const override { return 2; }
    std::unique_ptr<Evaluator> make_evaluator(std::int64_t) const override { return nullptr; }
  };
  EXPECT_THROW(DiffusionAnnealing(std::make_shared<Flat>(), through_levels(10)), Error);
  EXPECT_THROW(DiffusionAnnealing(std::make_shared<NoisyPair>(), through_levels(1)), Error);
  DiffusionAnnealingOptions close = through_levels(1000);
  close.levels = {.highest = 1.00001f, .lowest = 1.0f};
  EXPECT_THROW(DiffusionAnnealing(std::make_shared<NoisyPair>(), close), Error);
  DiffusionAnnealing ais(std::make_shared<NoisyPair>(), through_levels(10));
  EXPECT_THROW(ais.forward(0), Error);
  EXPECT_THROW(ais.reverse(std::vector<float>{1.0f, 2.0f}), Error);
  EXPECT_THROW(ais.reverse(std::vector<float>{1.0f, 2.0f, NAN}), Error);
}

}  // namespace
}  // namespace ebm::samplers
