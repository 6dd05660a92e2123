#include "report/labelled_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

/// Levels of one pixel.
std::vector<int> levels_at(const PixelImage& image, std::int64_t x, std::int64_t y) {
  std::vector<int> levels;
  for (std::int64_t c = 0; c < image.channels; ++c) {
    levels.push_back(
        image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels + c)]);
  }
  return levels;
}

/// Dark pixels of the strip left of the images, in some rows.
std::int64_t dark_pixels(const PixelImage& image, std::int64_t strip, std::int64_t top,
                         std::int64_t bottom) {
  std::int64_t n = 0;
  for (std::int64_t y = top; y < bottom; ++y) {
    for (std::int64_t x = 0; x < strip; ++x) n += levels_at(image, x, y)[0] < 128 ? 1 : 0;
  }
  return n;
}

TEST(LabelledGridTest, EachGroupIsARowWithItsLabelBesideIt) {
  const data::ItemShape shape{1, 28, 28};
  std::vector<float> values;
  for (const float level : {-1.0f, 0.0f, 1.0f}) values.insert(values.end(), 4 * 784, level);
  const PixelImage image = labelled_grid(values, shape, {"Ankle boot", "", "T-shirt/top"});
  EXPECT_EQ(image.channels, 3);
  const std::int64_t grid = 2 + 4 * 58, strip = image.width - grid;
  EXPECT_EQ(image.height, 2 + 3 * 58);
  // Ten letters of 15 pixels.
  EXPECT_GT(strip, 50);
  EXPECT_LT(strip, 130);
  for (int row = 0; row < 3; ++row) {
    const int level = row == 0 ? 0 : row == 1 ? 128 : 255;
    EXPECT_EQ(levels_at(image, strip + 2 + 3 * 58 + 5, 2 + row * 58 + 30), (std::vector(3, level)));
    EXPECT_EQ(levels_at(image, strip + 1, 2 + row * 58 + 30), (std::vector(3, 64)));
  }
  EXPECT_GT(dark_pixels(image, strip, 0, 60), 50);
  EXPECT_EQ(dark_pixels(image, strip, 60, 116), 0);
  EXPECT_GT(dark_pixels(image, strip, 118, 176), 50);
}

TEST(LabelledGridTest, ColoursAndManyImages) {
  const data::ItemShape shape{3, 56, 56};
  std::vector<float> values(2 * 20 * 3 * 56 * 56, -1.0f);
  std::fill_n(values.begin(), 56 * 56, 1.0f);  // the first is red
  const PixelImage image = labelled_grid(values, shape, {"0", "1"});
  const std::int64_t strip = image.width - (2 + 16 * 58);
  // Two rows of 16 and 4 each.
  EXPECT_EQ(image.height, 2 + 4 * 58);
  EXPECT_EQ(levels_at(image, strip + 10, 10), (std::vector{255, 0, 0}));
  EXPECT_EQ(levels_at(image, strip + 10, 70), (std::vector{0, 0, 0}));
}

TEST(LabelledGridTest, RefusesWhatDoesNotFit) {
  const data::ItemShape shape{1, 2, 2};
  const std::vector<float> values(12, 0.0f);
  EXPECT_THROW(labelled_grid(values, shape, {"a", "b"}), Error);
  EXPECT_THROW(labelled_grid(values, shape, {}), Error);
  EXPECT_THROW(labelled_grid(std::vector<float>{}, shape, {"a"}), Error);
  const std::string label(500, 'w');
  EXPECT_LT(labelled_grid(values, shape, {label}).width, 900);
  EXPECT_GT(labelled_grid(values, shape, {"caf\xe9"}).width, 0);
}

TEST(HeadedGridTest, EachColumnHasItsHead) {
  const data::ItemShape shape{1, 28, 28};
  std::vector<float> values;
  for (const float level : {-1.0f, 0.0f, 1.0f, 1.0f, 0.0f, -1.0f}) {
    values.insert(values.end(), 784, level);
  }
  const PixelImage image = headed_grid(values, shape, {"mean of starts", "", "truth"});
  EXPECT_EQ(image.channels, 3);
  EXPECT_EQ(image.width, 2 + 3 * 58);
  const std::int64_t head = image.height - (2 + 2 * 58);
  EXPECT_GT(head, 3 * 13);  // three words
  EXPECT_LT(head, 3 * 20);
  const auto dark_between = [&](std::int64_t left, std::int64_t right) {
    return dark_pixels(image, right, 0, head) - dark_pixels(image, left, 0, head);
  };
  EXPECT_GT(dark_between(2, 58), 50);
  EXPECT_EQ(dark_between(58, 118), 0);
  EXPECT_GT(dark_between(118, 174), 20);
  for (int row = 0; row < 2; ++row) {
    for (int column = 0; column < 3; ++column) {
      const int level = column == 1 ? 128 : (row == 0) == (column == 0) ? 0 : 255;
      EXPECT_EQ(levels_at(image, 2 + column * 58 + 20, head + 2 + row * 58 + 20),
                (std::vector(3, level)));
    }
  }
}

TEST(HeadedGridTest, LongHeadsStayAboveTheirColumns) {
  const data::ItemShape shape{3, 56, 56};
  const std::vector<float> values(2 * 3 * 56 * 56, 1.0f);
  const PixelImage image = headed_grid(values, shape, {"", std::string(30, 'w')});
  const std::int64_t head = image.height - (2 + 58);
  EXPECT_EQ(dark_pixels(image, 60, 0, head), 0);
  EXPECT_GT(dark_pixels(image, image.width, 0, head), 20);
  EXPECT_THROW(headed_grid(values, shape, {"a", "b", "c"}), Error);
  EXPECT_THROW(headed_grid(values, shape, {}), Error);
}

}  // namespace
}  // namespace ebm::report
