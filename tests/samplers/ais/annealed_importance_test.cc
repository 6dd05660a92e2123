#include "samplers/ais/annealed_importance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "base/error.h"
#include "samplers/ais/log_weights.h"
#include "samplers/energies/double_well.h"
#include "tests/samplers/lane_energies.h"

namespace ebm::samplers {
namespace {

std::shared_ptr<const Energy> constant_energy(std::int64_t dim, float value) {
  return std::make_shared<LaneEnergy>(
      dim,
      [dim, value](const float*, float* energy, float* grad) {
        for (std::int64_t i = 0; i < kLanes; ++i) energy[i] = value;
        std::fill(grad, grad + dim * kLanes, 0.0f);
      },
      0.0);
}

std::pair<ErrorCode, std::string> error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::kInternal, "no error"};
}

TEST(AnnealedImportanceTest, ConstantEnergyOnABoxIsExact) {
  for (const auto sampler : {TransitionOptions::Sampler::kHmc, TransitionOptions::Sampler::kMala}) {
    AnnealedImportance ais(constant_energy(5, 1.5f), {.base = {.box = Box{-1.0f, 3.0f}},
                                                      .n_temperatures = 20,
                                                      .transitions = {.sampler = sampler}});
    const LogZEstimate found = *ais.forward(33);
    EXPECT_NEAR(found.log_z, 5 * std::log(4.0) - 1.5, 1e-6);
    EXPECT_NEAR(found.se, 0.0, 1e-7);
    EXPECT_NEAR(found.ess, 33, 1e-6);
    EXPECT_NEAR(found.acceptance, 1.0, 1e-5);
    EXPECT_NEAR(ais.reverse(std::vector<float>(15, 0.5f))->log_z, 5 * std::log(4.0) - 1.5, 1e-6);
  }
}

TEST(AnnealedImportanceTest, TwoTemperaturesAreImportanceSampling) {
  // Base and target are the same density: every weight is 1.
  const auto same = std::make_shared<LaneEnergy>(
      3,
      [](const float* x, float* energy, float* grad) {
        for (std::int64_t i = 0; i < 3 * kLanes; ++i) {
          energy[i % kLanes] += 0.125f * x[i] * x[i];
          grad[i] = 0.25f * x[i];
        }
      },
      0.0);
  AnnealedImportance ais(same, {.base = {.sd = 2.0f}, .n_temperatures = 2});
  const LogZEstimate found = *ais.forward(100);
  EXPECT_NEAR(found.log_z, 3 * (kLogRootTwoPi + std::log(2.0)), 1e-5);
  EXPECT_NEAR(found.ess, 100, 1e-3);
  EXPECT_TRUE(std::isnan(found.acceptance));
}

TEST(AnnealedImportanceTest, DoesNotDependOnThreadsNorOnPieces) {
  const auto well = std::make_shared<DoubleWell>(3);
  std::vector<float> rows(99);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i % 2 == 0 ? 1.0f : -1.0f;
  const auto run = [&](int n_threads, const AnnealingObserver& observer) {
    AnnealedImportance ais(well, {.n_temperatures = 30,
                                  .transitions = {.n_bands = 4, .n_pilot_chains = 32},
                                  .seed = 4,
                                  .n_threads = n_threads});
    auto log_w = ais.forward(333, observer)->log_w;
    const auto down = ais.reverse(rows, observer)->log_w;
    log_w.insert(log_w.end(), down.begin(), down.end());
    return log_w;
  };
  const auto one = run(1, nullptr);
  EXPECT_EQ(one.size(), 333u + 33u);
  for (const int n_threads : {2, 3, 7}) EXPECT_EQ(run(n_threads, nullptr), one);
  double last = 0;
  EXPECT_EQ(run(2,
                [&](double fraction) {
                  last = fraction;
                  return true;
                }),
            one);
  EXPECT_EQ(last, 1.0);
}

TEST(AnnealedImportanceTest, AChainDoesNotDependOnTheNumberOfChains) {
  const auto well = std::make_shared<DoubleWell>(2);
  AnnealedImportance ais(well, {.n_temperatures = 20});
  const auto few = ais.forward(5)->log_w, many = ais.forward(50)->log_w;
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(AnnealedImportanceTest, AnObserverStopsIt) {
  const auto well = std::make_shared<DoubleWell>(1);
  const AnnealingObserver stop = [](double) { return false; };
  AnnealedImportance ais(well, {.n_temperatures = 20});
  EXPECT_FALSE(ais.tune(stop));
  EXPECT_TRUE(ais.tune());
  EXPECT_FALSE(ais.forward(10, stop).has_value());
  EXPECT_FALSE(ais.reverse(std::vector<float>{1.0f}, stop).has_value());
}

TEST(AnnealedImportanceTest, BadOptionsAndSamplesAreRefusedByName) {
  const auto well = std::make_shared<DoubleWell>(2);
  const auto options_error = [&](const AnnealedImportanceOptions& options) {
    const auto [code, what] = error_of([&] { AnnealedImportance(well, options); });
    EXPECT_EQ(code, ErrorCode::kUsage);
    return what;
  };
  EXPECT_EQ(options_error({.n_temperatures = 1}), "n_temperatures = 1: must be at least 2");
  EXPECT_EQ(options_error({.base = {.sd = 0.0f}}), "base_sd = 0: must be a positive number");
  EXPECT_NE(options_error({.base = {.sd = NAN}}), "no error");
  EXPECT_NE(options_error({.base = {.box = Box{1, 1}}}), "no error");
  EXPECT_NE(options_error({.temperature = -1.0f}), "no error");
  EXPECT_NE(options_error({.transitions = {.n_transitions = 0}}), "no error");

  AnnealedImportance ais(well, {.base = {.box = Box{-1, 1}}, .n_temperatures = 5});
  const auto run_error = [&](ErrorCode expected, const std::function<void()>& call) {
    const auto [code, what] = error_of(call);
    EXPECT_EQ(code, expected) << what;
    return what;
  };
  EXPECT_EQ(run_error(ErrorCode::kUsage, [&] { ais.forward(0); }),
            "n_chains = 0: must be at least 1");
  run_error(ErrorCode::kShape, [&] { ais.reverse(std::vector<float>(3)); });
  run_error(ErrorCode::kShape, [&] { ais.reverse({}); });
  EXPECT_EQ(run_error(ErrorCode::kBadData,
                      [&] {
                        ais.reverse(std::vector<float>{0, 0, 0.5f, 2});
                      }),
            "the samples of the target hold 2 in row 1; expected values from -1 to 1");
  run_error(ErrorCode::kBadData, [&] { ais.reverse(std::vector<float>{0, NAN}); });
}

TEST(AnnealedImportanceTest, AStartWithoutAFiniteEnergyIsNamed) {
  const float infinity = std::numeric_limits<float>::infinity();
  AnnealedImportance ais(constant_energy(2, infinity), {.n_temperatures = 5});
  const auto [code, what] = error_of([&] { ais.forward(4); });
  EXPECT_EQ(code, ErrorCode::kDiverged);
  EXPECT_EQ(what,
            "chain 0 cannot start: energy is inf; use a base on which the target's energy is "
            "finite");
}

TEST(AnnealedImportanceTest, StepsFollowTheTargetsWidth) {
  // Along the path the precision of each coordinate rises from 1 to 10⁴, so that the best step
  // falls a hundredfold.
  const auto narrow = std::make_shared<LaneEnergy>(
      4,
      [](const float* x, float* energy, float* grad) {
        for (std::int64_t i = 0; i < 4 * kLanes; ++i) {
          energy[i % kLanes] += 5000.0f * x[i] * x[i];
          grad[i] = 10000.0f * x[i];
        }
      },
      0.0);
  AnnealedImportance ais(narrow, {.n_temperatures = 300, .schedule = BetaShape::kGeometric});
  ASSERT_TRUE(ais.tune());
  const auto& steps = ais.step_sizes();
  EXPECT_GT(steps.front() / steps.back(), 50.0f);
  EXPECT_LT(steps.front() / steps.back(), 200.0f);
}

TEST(BetaScheduleTest, RisesFromZeroToOne) {
  for (const auto& [name, shape] : kBetaShapes) {
    for (const std::int64_t n : {2, 3, 10, 1000}) {
      const auto betas = make_betas(shape, n);
      ASSERT_EQ(betas.size(), static_cast<std::size_t>(n)) << name;
      EXPECT_EQ(betas.front(), 0.0);
      EXPECT_EQ(betas.back(), 1.0);
      for (std::size_t k = 1; k < betas.size(); ++k) EXPECT_GT(betas[k], betas[k - 1]);
    }
  }
  EXPECT_DOUBLE_EQ(make_betas(BetaShape::kLinear, 5)[1], 0.25);
  EXPECT_DOUBLE_EQ(make_betas(BetaShape::kGeometric, 4)[2], 0.01);
  EXPECT_DOUBLE_EQ(make_betas(BetaShape::kSigmoidal, 5)[2], 0.5);
}

TEST(LogWeightsTest, AreSummarisedWithoutOverflow) {
  // Weights 1, 2, 3 times e^1000: mean 2, sd 1, Σ² = 36, Σ of squares 14.
  const double log_w[] = {1000, 1000 + std::log(2.0), 1000 + std::log(3.0)};
  const LogWeightSummary found = summarize_log_weights(log_w);
  EXPECT_NEAR(found.log_mean_w, 1000 + std::log(2.0), 1e-12);
  EXPECT_NEAR(found.mean_log_w, 1000 + std::log(6.0) / 3, 1e-12);
  EXPECT_NEAR(found.se, 1 / (2 * std::sqrt(3.0)), 1e-12);
  EXPECT_NEAR(found.ess, 36.0 / 14.0, 1e-12);
}

}  // namespace
}  // namespace ebm::samplers
