#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "metrics/psnr.h"
#include "metrics/ssim.h"

namespace ebm::metrics {
namespace {

TEST(PsnrTest, IsTenTimesTheLogarithmOfSquaredRangeOverError) {
  const std::vector<float> image{0.5f, -1.0f, 0.0f, 1.0f}, truth{0.25f, -1.0f, 0.5f, 1.0f};
  // (1/16 + 1/4) / 4 = 5/64
  EXPECT_DOUBLE_EQ(mean_squared_error(image, truth), 5.0 / 64.0);
  EXPECT_NEAR(psnr(0.04), 20.0, 1e-12);  // 4 / 0.04 = 100
  EXPECT_NEAR(psnr(0.01, 1.0), 20.0, 1e-12);
  EXPECT_EQ(psnr(0.0), std::numeric_limits<double>::infinity());
  EXPECT_THROW(mean_squared_error(image, {truth.data(), 3}), Error);
  EXPECT_THROW(psnr(-1.0), Error);
}

TEST(SsimTest, OfEqualImagesIsOneAndOfConstantOnesTheirLuminance) {
  std::vector<float> image;
  for (int i = 0; i < 2 * 13 * 12; ++i) image.push_back(static_cast<float>(std::sin(0.7 * i)));
  const SsimOptions options{.channels = 2, .height = 13, .width = 12};
  EXPECT_NEAR(ssim(image, image, options), 1.0, 1e-12);
  // −0.5 and 0.25 are 0.5 and 1.25 above the darkest value; C1 = 0.02² of the range 2.
  const std::vector<float> dark(2 * 13 * 12, -0.5f), bright(2 * 13 * 12, 0.25f);
  const double c1 = 0.0004;
  EXPECT_NEAR(ssim(dark, bright, options), (2 * 0.5 * 1.25 + c1) / (0.25 + 1.5625 + c1), 1e-12);
}

TEST(SsimTest, OfOneWindowIsItsFormula) {
  std::vector<float> x, y;
  for (int i = 0; i < 121; ++i) {
    x.push_back(static_cast<float>(std::sin(0.3 * i * i)));
    y.push_back(static_cast<float>(0.5 * std::sin(0.3 * i * i) + 0.4 * std::cos(1.1 * i)));
  }
  double all = 0, mx = 0, my = 0;
  const auto weight = [](int i) {
    const double dy = i / 11 - 5, dx = i % 11 - 5;
    return std::exp(-(dx * dx + dy * dy) / 4.5);
  };
  for (int i = 0; i < 121; ++i) all += weight(i);
  for (std::size_t i = 0; i < 121; ++i) {
    mx += weight(static_cast<int>(i)) / all * (x[i] + 1.0);
    my += weight(static_cast<int>(i)) / all * (y[i] + 1.0);
  }
  double vx = 0, vy = 0, c = 0;
  for (std::size_t i = 0; i < 121; ++i) {
    const double w = weight(static_cast<int>(i)) / all;
    vx += w * (x[i] + 1.0 - mx) * (x[i] + 1.0 - mx);
    vy += w * (y[i] + 1.0 - my) * (y[i] + 1.0 - my);
    c += w * (x[i] + 1.0 - mx) * (y[i] + 1.0 - my);
  }
  const double c1 = 0.02 * 0.02, c2 = 0.06 * 0.06;
  const double right =
      (2 * mx * my + c1) / (mx * mx + my * my + c1) * (2 * c + c2) / (vx + vy + c2);
  EXPECT_NEAR(ssim(x, y, {.height = 11, .width = 11}), right, 1e-12);
}

TEST(SsimTest, IsTheMeanOverPlacesAndChannels) {
  std::vector<float> x, y;
  for (int i = 0; i < 2 * 11 * 12; ++i) {
    x.push_back(static_cast<float>(std::sin(0.2 * i * i)));
    y.push_back(static_cast<float>(std::sin(0.2 * i * i) * std::cos(0.01 * i)));
  }
  const auto cut = [](const std::vector<float>& image, std::size_t channel, std::size_t left) {
    std::vector<float> window;
    for (std::size_t row = 0; row < 11; ++row) {
      const auto first =
          image.begin() + static_cast<std::ptrdiff_t>((channel * 11 + row) * 12 + left);
      window.insert(window.end(), first, first + 11);
    }
    return window;
  };
  double right = 0;
  for (const std::size_t channel : {0U, 1U}) {
    for (const std::size_t left : {0U, 1U}) {
      right +=
          0.25 * ssim(cut(x, channel, left), cut(y, channel, left), {.height = 11, .width = 11});
    }
  }
  EXPECT_NEAR(ssim(x, y, {.channels = 2, .height = 11, .width = 12}), right, 1e-12);
}

TEST(SsimTest, RefusesImagesSmallerThanAWindow) {
  const std::vector<float> small(100);
  EXPECT_THROW(ssim(small, small, {.height = 10, .width = 10}), Error);
  EXPECT_THROW(ssim(small, small, {.height = 11, .width = 11}), Error);
}

}  // namespace
}  // namespace ebm::metrics
