#include "report/density_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

using Colour = std::array<std::uint8_t, 3>;

Colour colour_at(const PixelImage& plot, std::int64_t x, std::int64_t y) {
  const auto i = static_cast<std::size_t>((y * plot.width + x) * 3);
  return {plot.pixels[i], plot.pixels[i + 1], plot.pixels[i + 2]};
}

const DensityOptions kUnitSquare{.bounds =
                                     PlotBounds{.x_min = 0, .x_max = 1, .y_min = 0, .y_max = 1}};

ErrorCode code_of(std::span<const float> points, const DensityOptions& options = {}) {
  try {
    density_plot(points, options);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

TEST(CubehelixTest, RunsFromBlackToWhiteWithRisingBrightness) {
  EXPECT_EQ(cubehelix(0), (Colour{0, 0, 0}));
  EXPECT_EQ(cubehelix(1), (Colour{255, 255, 255}));
  double previous = -1;
  for (int i = 0; i <= 100; ++i) {
    const Colour colour = cubehelix(i / 100.0);
    const double brightness = 0.30 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2];
    EXPECT_GT(brightness, previous);
    previous = brightness;
  }
}

TEST(DensityPlotTest, APointAppearsWhereItIsWithYUpwards) {
  const std::vector<float> points{0.1f, 0.9f};
  const PixelImage plot = density_plot(points, kUnitSquare);
  EXPECT_EQ(plot.width, 512);
  EXPECT_EQ(plot.height, 512);
  EXPECT_EQ(colour_at(plot, 51, 51), cubehelix(1)) << "upper left";
  EXPECT_EQ(colour_at(plot, 51, 460), cubehelix(0)) << "lower left";
  EXPECT_EQ(colour_at(plot, 460, 51), cubehelix(0)) << "upper right";
}

TEST(DensityPlotTest, TheColourFollowsTheLogarithmOfTheCount) {
  std::vector<float> points;
  for (int i = 0; i < 15; ++i) points.insert(points.end(), {0.1f, 0.1f});
  for (int i = 0; i < 3; ++i) points.insert(points.end(), {0.9f, 0.9f});
  const PixelImage plot = density_plot(points, kUnitSquare);
  EXPECT_EQ(colour_at(plot, 51, 460), cubehelix(1));
  EXPECT_EQ(colour_at(plot, 460, 51), cubehelix(0.5)) << "log 4 is half of log 16";
}

TEST(DensityPlotTest, PointsOutsideTheBoundsAreNotDrawn) {
  const std::vector<float> points{-0.1f, 0.5f, 0.5f, 1.5f};
  const PixelImage plot = density_plot(points, kUnitSquare);
  EXPECT_EQ(plot.pixels, std::vector<std::uint8_t>(512 * 512 * 3, 0));
}

TEST(DensityPlotTest, BoundsFromTheDataHoldAllPointsOnOneScale) {
  // Wide 2, high 1: the height of the picture is that of 2.2 units too.
  const std::vector<float> points{-1.0f, 0.0f, 1.0f, 1.0f};
  const PixelImage plot = density_plot(points);
  const auto column = [](double x) { return static_cast<std::int64_t>((x + 1.1) / 2.2 * 512); };
  const auto row = [](double y) { return 511 - static_cast<std::int64_t>((y + 0.6) / 2.2 * 512); };
  EXPECT_EQ(colour_at(plot, column(-1), row(0)), cubehelix(1));
  EXPECT_EQ(colour_at(plot, column(1), row(1)), cubehelix(1));
  EXPECT_EQ(colour_at(plot, column(0), row(0.5)), cubehelix(0));
}

TEST(DensityPlotTest, ASinglePlaceAndNoPointsAtAllHavePictures) {
  EXPECT_EQ(colour_at(density_plot(std::vector<float>{3.0f, 4.0f}), 256, 250), cubehelix(1));
  EXPECT_EQ(density_plot({}).pixels, std::vector<std::uint8_t>(512 * 512 * 3, 0));
}

TEST(DensityPlotTest, WhatCannotBeShownIsRefused) {
  EXPECT_EQ(code_of(std::vector<float>(3)), ErrorCode::kShape);
  EXPECT_EQ(code_of(std::vector<float>{0.0f, INFINITY}), ErrorCode::kBadData);
  EXPECT_EQ(code_of({}, {.bounds = PlotBounds{.x_min = 1, .x_max = 1}}), ErrorCode::kUsage);
  EXPECT_EQ(code_of({}, {.side = 0}), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ebm::report
