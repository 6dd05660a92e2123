#include "evaluation/long_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

using Stops = std::set<std::int64_t>;

TEST(LongRunTest, StopsAreTheOwnStepsRoundNumbersAndTheLast) {
  EXPECT_EQ(long_run_stops(256, 10000), (Stops{256, 500, 1000, 2000, 5000, 10000}));
  EXPECT_EQ(long_run_stops(0, 10), (Stops{0, 1, 2, 5, 10}));
  EXPECT_EQ(long_run_stops(60, 300), (Stops{60, 100, 200, 300}));
  EXPECT_EQ(long_run_stops(60, 60), (Stops{60}));
  nets::expect_error(ErrorCode::kUsage, "long-run = 59: must be 0 or at least the 60 steps",
                     [] { long_run_stops(60, 59); });
}

TEST(LongRunTest, LongChainsArePlannedByWhatTheirSamplerDoesAfterASample) {
  using samplers::SamplerKind;
  for (const SamplerKind kind :
       {SamplerKind::kLangevin, SamplerKind::kGradientFlow, SamplerKind::kAnnealedLangevin}) {
    EXPECT_EQ(plan_long_run(kind, 40, {}).steps, 10000);
    EXPECT_EQ(plan_long_run(kind, 20000, {}).steps, 20000);
    EXPECT_EQ(plan_long_run(kind, 40, {.steps = 0}).steps, 0);
    EXPECT_EQ(plan_long_run(kind, 40, {.steps = 50}).steps, 50);
    EXPECT_EQ(plan_long_run(kind, 40, {.has_long_fd = true}).steps, 10000);
    EXPECT_EQ(plan_long_run(kind, 400, {.has_long_fd = true}).steps, 40000);
    EXPECT_EQ(plan_long_run(kind, 40, {.steps = 50, .has_long_fd = true}).steps, 4000);
    EXPECT_FALSE(plan_long_run(kind, 40, {}).warning);
    nets::expect_error(ErrorCode::kUsage, "long-run = 30: must be 0 or at least the 40 steps",
                       [&] { plan_long_run(kind, 40, {.steps = 30}); });
    nets::expect_error(ErrorCode::kUsage, "long: samples take 0 steps",
                       [&] { plan_long_run(kind, 0, {.has_long_fd = true}); });
  }
  for (const SamplerKind kind :
       {SamplerKind::kAncestral, SamplerKind::kProbabilityFlow, SamplerKind::kRecovery}) {
    const LongRunPlan plan = plan_long_run(kind, 40, {});
    EXPECT_EQ(plan.steps, 0);
    EXPECT_EQ(plan.film_steps, 40);
    EXPECT_EQ(plan.warning,
              "the sampler " + samplers::sampler_name(kind) +
                  " ends at its lowest level of noise: its chains have no more steps; the long "
                  "run is left out");
    EXPECT_FALSE(plan_long_run(kind, 40, {.steps = 0}).warning);
    nets::expect_error(ErrorCode::kUsage, "long-run: the sampler ",
                       [&] { plan_long_run(kind, 40, {.steps = 100}); });
    nets::expect_error(ErrorCode::kUsage, "long: the sampler ",
                       [&] { plan_long_run(kind, 40, {.has_long_fd = true}); });
  }
}

TEST(LongRunTest, TheDriftIsThatOfEachChain) {
  LongFd found(4);
  EXPECT_EQ(found.stops(), (Stops{4, 40, 400}));
  found.add(4, 2.0, {1.0f, 3.0f, 5.0f});
  found.add(40, 6.0, {2.0f, 5.0f, 8.0f});
  ASSERT_EQ(found.rows().size(), 2u);
  EXPECT_EQ(found.rows()[0].times, 1);
  EXPECT_EQ(found.rows()[0].drift, 0.0);
  EXPECT_EQ(found.rows()[0].drift_se, 0.0);
  EXPECT_EQ(found.rows()[1].times, 10);
  EXPECT_EQ(found.rows()[1].energy, 5.0);
  // Changes 1, 2, 3: mean 2, sd 1.
  EXPECT_EQ(found.rows()[1].drift, 2.0);
  EXPECT_NEAR(found.rows()[1].drift_se, 1.0 / std::sqrt(3.0), 1e-12);
}

TEST(LongRunTest, StopsOnTheWayChangeNoBit) {
  const samplers::DoubleWell energy(3);
  samplers::SamplerSettings settings{.step_size = 0.01f, .noise_scale = 0.1f};
  std::vector<float> starts(20 * 3);
  samplers::draw_initial_states({.seed = 4, .domain = base::Domain::kSampleInit}, 0, 3, {}, starts);
  const WalkOptions options{.n = 20, .steps = 40, .seed = 4};
  const Walk whole = walk_chains(energy, starts, options, settings);
  std::vector<std::int64_t> visited;
  const auto visit = [&](std::int64_t step, const Walk& walk) {
    visited.push_back(step);
    if (step == 0) {
      EXPECT_EQ(walk.rows, starts);
    }
    if (step != 40) return;
    EXPECT_EQ(walk.rows, whole.rows);
    EXPECT_EQ(walk.energies, whole.energies);
  };
  walk_to_stops(energy, starts, {0, 1, 7, 40}, options, settings, visit);
  EXPECT_EQ(visited, (std::vector<std::int64_t>{0, 1, 7, 40}));
}

}  // namespace
}  // namespace ebm::evaluation
