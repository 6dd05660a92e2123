#include "evaluation/long_run.h"

#include <gtest/gtest.h>

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
