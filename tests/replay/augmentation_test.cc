#include "replay/augmentation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::replay {
namespace {

constexpr samplers::Box kWalls{-1, 1};
constexpr base::RandomKey kKey{5, base::Domain::kReplayRead, 0};

std::vector<float> counted(std::size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}

ImageChange change_of(const Augmentation& augmentation, std::uint64_t stream) {
  return draw_change(augmentation, base::RandomStream(kKey, stream));
}

TEST(AugmentationTest, AFlipMirrorsEachRowAndIsItsOwnInverse) {
  const samplers::ImageShape shape{2, 2, 3};
  const std::vector<float> image = counted(12);
  std::vector<float> changed = image;
  apply({.flip = true}, shape, kWalls, changed);
  EXPECT_EQ(changed, (std::vector<float>{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10}));
  apply({.flip = true}, shape, kWalls, changed);
  EXPECT_EQ(changed, image);
}

TEST(AugmentationTest, AShiftMovesAndRepeatsTheBorder) {
  const samplers::ImageShape shape{1, 3, 4};
  const std::vector<float> image = counted(12);  // 1 2 3 4 / 5 6 7 8 / 9 10 11 12
  const auto moved = [&](const ImageChange& change) {
    std::vector<float> changed = image;
    apply(change, shape, kWalls, changed);
    return changed;
  };
  EXPECT_EQ(moved({.down = 1}), (std::vector<float>{1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(moved({.down = -2}), (std::vector<float>{9, 10, 11, 12, 9, 10, 11, 12, 9, 10, 11, 12}));
  EXPECT_EQ(moved({.right = 2}), (std::vector<float>{1, 1, 1, 2, 5, 5, 5, 6, 9, 9, 9, 10}));
  EXPECT_EQ(moved({.right = -1}), (std::vector<float>{2, 3, 4, 4, 6, 7, 8, 8, 10, 11, 12, 12}));
  // Mirrored first: 4 3 2 1 / ..., then moved.
  EXPECT_EQ(moved({.flip = true, .down = 1, .right = 1}),
            (std::vector<float>{4, 4, 3, 2, 4, 4, 3, 2, 8, 8, 7, 6}));
}

// Two pixels, (red, green, blue) = (0.8, 0.2, 0.4) and (0.2, 0.6, 0.4) in [0, 1]; greys 0.4022 and
// 0.4576.
TEST(AugmentationTest, ColoursFollowTheirFormulas) {
  const samplers::ImageShape shape{3, 1, 2};
  const auto recoloured = [&](const ImageChange& change) {
    std::vector<float> row{0.8f, 0.2f, 0.2f, 0.6f, 0.4f, 0.4f};
    for (float& v : row) v = 2.0f * v - 1.0f;
    apply(change, shape, kWalls, row);
    for (float& v : row) v = (v + 1.0f) / 2.0f;
    return row;
  };
  const auto expect_near = [](const std::vector<float>& found, const std::vector<double>& right) {
    ASSERT_EQ(found.size(), right.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], right[i], 1e-6) << i;
  };
  expect_near(recoloured({.brightness = 0.5f}), {0.4, 0.1, 0.1, 0.3, 0.2, 0.2});
  expect_near(recoloured({.brightness = 2.0f}), {1.0, 0.4, 0.4, 1.0, 0.8, 0.8});  // clamped
  // The mean grey is 0.4299: 0.4299 + 0.5·(v − 0.4299).
  expect_near(recoloured({.contrast = 0.5f}),
              {0.61495, 0.31495, 0.31495, 0.51495, 0.41495, 0.41495});
  // 0.4022 + 0.5·(v − 0.4022) of the first, 0.4576 + 0.5·(v − 0.4576) of the second pixel.
  expect_near(recoloured({.saturation = 0.5f}), {0.6011, 0.3288, 0.3011, 0.5288, 0.4011, 0.4288});
  // All, in this order: bright 0.4, 0.1; 0.1, 0.3; 0.2, 0.2, mean grey 0.21495; with contrast 2
  // 0.58505, −0.01495; −0.01495, 0.38505; 0.18505, 0.18505, greys 0.18725005 and 0.24265005; with
  // saturation 0 those.
  expect_near(recoloured({.brightness = 0.5f, .contrast = 2.0f, .saturation = 0.0f}),
              {0.18725005, 0.24265005, 0.18725005, 0.24265005, 0.18725005, 0.24265005});
}

// Every place is as likely, and each factor has mean 1 and variance a²/3. n = 20,000, bounds of 5
// standard errors: of a share p √(p(1 − p)/n), of a mean a/√(3n), of the variance of a uniform
// √(4/45)·a²/√n.
TEST(AugmentationTest, ChangesAreUniform) {
  constexpr int kN = 20000;
  const Augmentation augmentation{.flip = true, .shift = 1, .colour = 0.4};
  double n_flips = 0.0, cells[3][3] = {}, sums[3] = {}, squares[3] = {};
  for (int i = 0; i < kN; ++i) {
    const ImageChange change = change_of(augmentation, static_cast<std::uint64_t>(i));
    n_flips += change.flip;
    cells[change.down + 1][change.right + 1] += 1.0;
    const float factors[] = {change.brightness, change.contrast, change.saturation};
    for (int k = 0; k < 3; ++k) {
      ASSERT_LE(std::abs(factors[k] - 1.0f), 0.4f + 1e-6f);
      sums[k] += factors[k] - 1.0;
      squares[k] += (factors[k] - 1.0) * (factors[k] - 1.0);
    }
  }
  EXPECT_NEAR(n_flips / kN, 0.5, 5.0 * 0.5 / std::sqrt(kN));
  for (const auto& line : cells) {
    for (const double cell : line) {
      EXPECT_NEAR(cell / kN, 1.0 / 9.0, 5.0 * std::sqrt(8.0 / 81.0 / kN));
    }
  }
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(sums[k] / kN, 0.0, 5.0 * 0.4 / std::sqrt(3.0 * kN));
    EXPECT_NEAR(squares[k] / kN, 0.16 / 3.0, 5.0 * std::sqrt(4.0 / 45.0) * 0.16 / std::sqrt(kN));
  }
}

TEST(AugmentationTest, PartsAreDrawnIndependentlyOfWhatElseIsOn) {
  for (std::uint64_t stream = 0; stream < 50; ++stream) {
    const ImageChange all = change_of({.flip = true, .shift = 3, .colour = 0.4}, stream);
    EXPECT_EQ(change_of({.flip = true}, stream), (ImageChange{.flip = all.flip}));
    EXPECT_EQ(change_of({.shift = 3}, stream), (ImageChange{.down = all.down, .right = all.right}));
    EXPECT_EQ(change_of({.colour = 0.4}, stream), (ImageChange{.brightness = all.brightness,
                                                               .contrast = all.contrast,
                                                               .saturation = all.saturation}));
  }
}

// Chains that have made no step stay, and a share of `probability` of the others is changed:
// 5 standard errors of 20,000.
TEST(AugmentationTest, ChainsThatWalkedAreChangedWithTheProbability) {
  const samplers::ImageShape shape{1, 1, 2};
  constexpr std::size_t kN = 40000;
  std::vector<std::int64_t> ages(kN);
  std::vector<float> rows(2 * kN);
  for (std::size_t i = 0; i < kN; ++i) {
    ages[i] = i % 2 == 0 ? 0 : 20;
    rows[2 * i] = 0.25f;
  }
  const std::vector<float> old = rows;
  augment({.probability = 0.3, .flip = true}, shape, kWalls, kKey, 7, ages, rows);
  double n_changed = 0.0;
  for (std::size_t i = 0; i < kN; ++i) {
    const bool is_changed = rows[2 * i] != old[2 * i];
    if (i % 2 == 0) {
      EXPECT_FALSE(is_changed);
    }
    n_changed += is_changed;
  }
  EXPECT_NEAR(n_changed / 20000, 0.15, 5.0 * std::sqrt(0.15 * 0.85 / 20000));
}

// The change of a row hangs on iteration, generation and row alone.
TEST(AugmentationTest, RowsTakeNumbersOfTheirOwn) {
  const samplers::ImageShape shape{1, 3, 3};
  const Augmentation augmentation{.probability = 0.5, .flip = true, .shift = 1};
  const std::vector<std::int64_t> ages(40, 1);
  const auto changed = [&](std::size_t n, std::int64_t iteration, std::uint32_t generation) {
    std::vector<float> rows;
    for (std::size_t i = 0; i < n; ++i) {
      for (const float value : counted(9)) rows.push_back(value);
    }
    augment(augmentation, shape, kWalls, {5, base::Domain::kReplayRead, generation}, iteration,
            std::span(ages).first(n), rows);
    return rows;
  };
  const std::vector<float> all = changed(40, 3, 0);
  EXPECT_EQ(changed(7, 3, 0), std::vector<float>(all.begin(), all.begin() + 63));
  EXPECT_NE(changed(40, 4, 0), all);
  EXPECT_NE(changed(40, 3, 1), all);
}

TEST(AugmentationTest, WhatDoesNotFitIsRefused) {
  const auto refusal = [](const Augmentation& augmentation,
                          std::optional<samplers::ImageShape> shape) -> std::string {
    try {
      augmentation.require_fitting(shape);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  };
  const samplers::ImageShape grey{1, 28, 20}, coloured{3, 28, 20};
  EXPECT_EQ(refusal({}, std::nullopt), "");
  EXPECT_EQ(refusal({.flip = true, .shift = 19}, grey), "");
  EXPECT_EQ(refusal({.colour = 1.0}, coloured), "");
  EXPECT_EQ(refusal({.probability = 1.5}, grey), "augment_probability = 1.5: must be from 0 to 1");
  EXPECT_EQ(refusal({.shift = 20}, grey),
            "augment_shift = 20: must be at most 19 for images of 28x20");
  EXPECT_EQ(refusal({.shift = -1}, grey), "augment_shift = -1: must be 0 or more");
  EXPECT_EQ(refusal({.colour = 0.2}, grey),
            "augment_colour = 0.2: must be 0 for images of other than three channels, red, green "
            "and blue");
  EXPECT_EQ(refusal({.colour = 1.2}, coloured), "augment_colour = 1.2: must be from 0 to 1");
  EXPECT_EQ(refusal({.flip = true}, std::nullopt),
            "augment_flip = true: must be false for points, which are no images");
  EXPECT_EQ(refusal({.shift = 2}, std::nullopt),
            "augment_shift = 2: must be 0 for points, which are no images");
}

}  // namespace
}  // namespace ebm::replay
