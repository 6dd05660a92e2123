#include "app/long_run.h"

#include <gtest/gtest.h>

#include <vector>

#include "app/eval/film_strip.h"
#include "report/image_grid.h"
#include "report/png.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "tests/nets/expect_error.h"

namespace ebm::app {
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
  WalkPlan plan{.n = 20, .steps = 40, .trace = {}, .energy_trace = {}, .seed = 4};
  const Walk whole = walk_chains(energy, starts, plan, settings);
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
  EXPECT_EQ(walk_to_stops(energy, starts, {0, 1, 7, 40}, plan, settings, visit), 0);
  EXPECT_EQ(visited, (std::vector<std::int64_t>{0, 1, 7, 40}));
}

TEST(FilmStripTest, StepsGrowByOneRatio) {
  EXPECT_EQ(FilmStrip::stops_until(10000), (Stops{0, 1, 3, 10, 32, 100, 316, 1000, 3162, 10000}));
  EXPECT_EQ(FilmStrip::stops_until(2), (Stops{0, 1, 2}));
  EXPECT_EQ(FilmStrip::stops_until(0), (Stops{0}));
}

TEST(FilmStripTest, AChainIsARowAndAStepAColumn) {
  // Two chains of 1x1x2 pixels.
  FilmStrip film({1, 1, 2}, 2);
  film.add(0, std::vector<float>{-1.0f, -0.9f, -0.5f, -0.4f});
  film.add(7, std::vector<float>{0.1f, 0.2f, 0.5f, 0.6f});
  EXPECT_EQ(film.steps(), (std::vector<std::int64_t>{0, 7}));
  const std::vector<float> expected{-1.0f, -0.9f, 0.1f, 0.2f, -0.5f, -0.4f, 0.5f, 0.6f};
  EXPECT_EQ(film.png(), report::png_bytes(report::image_grid(expected, {1, 1, 2}, {.columns = 2})));
}

TEST(FilmStripTest, TakesTheFirstChains) {
  FilmStrip film({1, 1, 1}, 100);
  film.add(0, std::vector<float>(100, 0.5f));
  EXPECT_EQ(film.n_chains(), FilmStrip::kMaxChains);
  EXPECT_EQ(film.png(), report::png_bytes(report::image_grid(std::vector<float>(8, 0.5f), {1, 1, 1},
                                                             {.columns = 1})));
}

}  // namespace
}  // namespace ebm::app
