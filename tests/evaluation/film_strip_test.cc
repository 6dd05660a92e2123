#include "evaluation/film_strip.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ebm::evaluation {
namespace {

using FilmStops = std::set<std::int64_t>;

TEST(FilmStripTest, StepsGrowByOneRatio) {
  EXPECT_EQ(FilmStrip::stops_until(10000),
            (FilmStops{0, 1, 3, 10, 32, 100, 316, 1000, 3162, 10000}));
  EXPECT_EQ(FilmStrip::stops_until(2), (FilmStops{0, 1, 2}));
  EXPECT_EQ(FilmStrip::stops_until(0), (FilmStops{0}));
}

TEST(FilmStripTest, AChainIsARowAndAStepAColumn) {
  // Two chains of 1x1x2 pixels.
  FilmStrip film({1, 1, 2}, 2);
  film.add(0, std::vector<float>{-1.0f, -0.9f, -0.5f, -0.4f});
  film.add(7, std::vector<float>{0.1f, 0.2f, 0.5f, 0.6f});
  EXPECT_EQ(film.steps(), (std::vector<std::int64_t>{0, 7}));
  const std::vector<float> expected{-1.0f, -0.9f, 0.1f, 0.2f, -0.5f, -0.4f, 0.5f, 0.6f};
  EXPECT_EQ(film.pictures(), expected);
}

TEST(FilmStripTest, TakesTheFirstChains) {
  FilmStrip film({1, 1, 1}, 100);
  film.add(0, std::vector<float>(100, 0.5f));
  EXPECT_EQ(film.n_chains(), FilmStrip::kMaxChains);
  EXPECT_EQ(film.pictures(), std::vector<float>(8, 0.5f));
}

}  // namespace
}  // namespace ebm::evaluation
