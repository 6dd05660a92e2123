#include "report/image_grid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

const data::ItemShape kGreyTwoByTwo{.channels = 1, .height = 2, .width = 2};

std::uint8_t pixel(const PixelImage& image, std::int64_t x, std::int64_t y, std::int64_t c = 0) {
  return image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels + c)];
}

ErrorCode code_of(std::span<const float> values, const data::ItemShape& shape,
                  const GridOptions& options = {}) {
  try {
    image_grid(values, shape, options);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

TEST(ImageGridTest, ValuesBecomeLevelsAndOutsideIsShownAsTheBound) {
  const std::vector<float> values{-1.0f, 1.0f, 0.0f, -3.0f};
  const PixelImage grid = image_grid(values, kGreyTwoByTwo, {.gap = 0, .scale = 1});
  EXPECT_EQ(grid.pixels, (std::vector<std::uint8_t>{0, 255, 128, 0}));
  const std::vector<float> infinite(4, std::numeric_limits<float>::infinity());
  EXPECT_EQ(pixel(image_grid(infinite, kGreyTwoByTwo), 5, 5), 255);
}

TEST(ImageGridTest, EveryGreyLevelSurvivesTheWayThroughFloats) {
  std::vector<float> values;
  for (int level = 0; level < 256; ++level) {
    values.push_back(static_cast<float>(level) / 127.5f - 1.0f);
  }
  const PixelImage grid = image_grid(values, {1, 16, 16}, {.gap = 0, .scale = 1});
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(grid.pixels[i], i);
}

TEST(ImageGridTest, TilesStandRowByRowWithGapsBetween) {
  std::vector<float> values;
  for (const float level : {-1.0f, -0.5f, 0.0f, 0.5f, 1.0f}) {
    values.insert(values.end(), 4, level);
  }
  const PixelImage grid =
      image_grid(values, kGreyTwoByTwo, {.columns = 3, .gap = 1, .scale = 2, .background = 7});
  EXPECT_EQ(grid.width, 3 * 4 + 4);
  EXPECT_EQ(grid.height, 2 * 4 + 3);
  EXPECT_EQ(pixel(grid, 0, 0), 7);
  EXPECT_EQ(pixel(grid, 1, 1), 0);
  EXPECT_EQ(pixel(grid, 4, 4), 0);
  EXPECT_EQ(pixel(grid, 5, 4), 7);
  EXPECT_EQ(pixel(grid, 6, 1), 64);
  EXPECT_EQ(pixel(grid, 11, 1), 128);
  EXPECT_EQ(pixel(grid, 1, 6), 191);
  EXPECT_EQ(pixel(grid, 6, 6), 255);
  EXPECT_EQ(pixel(grid, 12, 8), 7) << "a place without a tile";
}

TEST(ImageGridTest, ChannelsOfColourImagesAreInterleaved) {
  const std::vector<float> values{-1.0f, -1.0f, 1.0f, 1.0f, 0.0f, 0.0f};  // [3, 1, 2]
  const PixelImage grid = image_grid(values, {3, 1, 2}, {.gap = 0, .scale = 1});
  EXPECT_EQ(grid.channels, 3);
  EXPECT_EQ(grid.pixels, (std::vector<std::uint8_t>{0, 255, 128, 0, 255, 128}));
}

TEST(ImageGridTest, DefaultsAreNearlySquareWithTilesOf56PixelsOrMore) {
  const PixelImage grid = image_grid(std::vector<float>(64 * 28 * 28), {1, 28, 28});
  EXPECT_EQ(grid.width, 8 * (56 + 2) + 2);
  EXPECT_EQ(grid.height, grid.width);
  EXPECT_EQ(image_grid(std::vector<float>(32 * 32), {1, 32, 32}).width, 64 + 4);
  EXPECT_EQ(image_grid(std::vector<float>(64 * 64), {1, 64, 64}).width, 64 + 4);
  EXPECT_EQ(image_grid(std::vector<float>(5 * 4), kGreyTwoByTwo).height, 2 * (56 + 2) + 2);
}

TEST(ImageGridTest, WhatCannotBeShownIsRefused) {
  EXPECT_EQ(code_of(std::vector<float>(8), {2, 2, 2}), ErrorCode::kShape);
  EXPECT_EQ(code_of(std::vector<float>(7), kGreyTwoByTwo), ErrorCode::kShape);
  EXPECT_EQ(code_of({}, kGreyTwoByTwo), ErrorCode::kShape);
  EXPECT_EQ(code_of(std::vector<float>(4, NAN), kGreyTwoByTwo), ErrorCode::kBadData);
  EXPECT_EQ(code_of(std::vector<float>(4), kGreyTwoByTwo, {.columns = -1}), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ebm::report
