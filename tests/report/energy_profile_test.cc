#include "report/energy_profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

using Levels = std::vector<int>;

Levels level_at(const PixelImage& image, std::int64_t x, std::int64_t y) {
  const auto at = static_cast<std::size_t>((y * image.width + x) * image.channels);
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

const Levels kFirst{0, 115, 179}, kSecond{214, 94, 0};

TEST(EnergyProfileTest, EnergiesStandBelowTheirImages) {
  // Three images of 1x2x2: black, grey, white; and the other way round.
  const std::vector<ShownPath> paths{
      {"path", {-1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1}, {1.0f, 0.0f, 0.5f}},
      {"line", {1, 1, 1, 1, 0, 0, 0, 0, -1, -1, -1, -1}, {1.0f, 2.0f, 0.5f}}};
  const PixelImage picture = energy_profile(paths, {1, 2, 2}, true);
  // Tiles of 50 pixels with gaps of 2 behind the names, two rows of them, then a chart of 260 rows.
  const std::int64_t left = picture.width - (3 * 52 + 2);
  EXPECT_GT(left, 20);
  EXPECT_LT(left, 60);
  const std::int64_t rows = picture.height - 260;
  EXPECT_EQ(rows, 2 * 52 + 2);
  EXPECT_EQ(level_at(picture, left + 20, 20), (Levels{0, 0, 0}));
  EXPECT_EQ(level_at(picture, left + 131, 20), (Levels{255, 255, 255}));
  EXPECT_EQ(level_at(picture, left + 20, 80), (Levels{255, 255, 255}));
  EXPECT_EQ(level_at(picture, left + 79, 80), (Levels{128, 128, 128}));
  // Energies from 0 at row 230 of the chart to 2 at row 40; state i at 27 + 52·i.
  EXPECT_EQ(level_at(picture, left + 79, rows + 230), kFirst);
  EXPECT_EQ(level_at(picture, left + 79, rows + 40), kSecond);
  EXPECT_EQ(level_at(picture, left + 131, rows + 230 - 47), kSecond);
  // The names are written: something dark lies at the left of each row.
  for (const std::int64_t top : {0, 52}) {
    int darkest = 255;
    for (std::int64_t y = top; y < top + 52; ++y) {
      for (std::int64_t x = 0; x < left; ++x) {
        darkest = std::min(darkest, level_at(picture, x, y)[0]);
      }
    }
    EXPECT_LT(darkest, 128);
  }
}

TEST(EnergyProfileTest, PointsHaveAChartAlone) {
  const std::vector<ShownPath> paths{{"path", {0, 0, 1, 1}, {3.0f, 3.0f}}};
  const PixelImage picture = energy_profile(paths, {2, 1, 1}, false);
  EXPECT_EQ(picture.width, 400);
  EXPECT_EQ(picture.height, 260);
  EXPECT_EQ(level_at(picture, 50, 135), kFirst);  // a constant energy lies in the middle
}

TEST(EnergyProfileTest, RefusesWhatCannotBeDrawn) {
  const auto code_of = [](const std::vector<ShownPath>& paths) {
    try {
      energy_profile(paths, {2, 1, 1}, false);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of({}), ErrorCode::kUsage);
  EXPECT_EQ(code_of({{"one state", {0, 0}, {1.0f}}}), ErrorCode::kUsage);
  EXPECT_EQ(code_of({{"path", {0, 0, 1}, {1.0f, 2.0f}}}), ErrorCode::kShape);
  EXPECT_EQ(code_of({{"path", {0, 0, 1, 1}, {1.0f, NAN}}}), ErrorCode::kBadData);
}

}  // namespace
}  // namespace ebm::report
