#include "data/resize.h"

#include <gtest/gtest.h>

namespace ebm::data {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(ResizeTest, SameSizeIsUnchangedAndTheSquareIsTheCentralOne) {
  const Image square{.shape = {1, 2, 2}, .pixels = {1, 2, 3, 4}};
  EXPECT_EQ(crop_and_resize(square, 2).pixels, square.pixels);
  const Image wide{.shape = {1, 1, 4}, .pixels = {10, 20, 30, 40}};
  EXPECT_EQ(crop_and_resize(wide, 1).pixels, Bytes{20});
  const Image tall{.shape = {1, 5, 1}, .pixels = {10, 20, 30, 40, 50}};
  EXPECT_EQ(crop_and_resize(tall, 1).pixels, Bytes{30});
}

TEST(ResizeTest, ShrinkingAveragesAreas) {
  const Image image{.shape = {2, 2, 2}, .pixels = {0, 10, 20, 31, 4, 4, 4, 4}};
  // 61/4 = 15.25, and 4.
  EXPECT_EQ(crop_and_resize(image, 1).pixels, (Bytes{15, 4}));
  // From 3 to 2 an output is 1 + 1/2 input pixels wide: the weights are 2/3 and 1/3 on each axis.
  const Image three{.shape = {1, 3, 3}, .pixels = {90, 0, 0, 0, 0, 0, 0, 0, 9}};
  EXPECT_EQ(crop_and_resize(three, 2).pixels, (Bytes{40, 0, 0, 4}));
}

TEST(ResizeTest, GrowingInterpolatesBetweenPixelCentres) {
  const Image image{.shape = {1, 2, 2}, .pixels = {0, 100, 0, 100}};
  // Output centres at −1/4, 1/4, 3/4 and 5/4 of the input; beyond the edge the edge goes on.
  const Image large = crop_and_resize(image, 4);
  EXPECT_EQ(large.shape, (ItemShape{1, 4, 4}));
  EXPECT_EQ(large.pixels, (Bytes{0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100}));
  const Image dot{.shape = {1, 1, 1}, .pixels = {42}};
  EXPECT_EQ(crop_and_resize(dot, 3).pixels, Bytes(9, 42));
}

TEST(ResizeTest, FlatImageStaysFlatAtEverySize) {
  const Image flat{.shape = {1, 13, 13}, .pixels = Bytes(169, 255)};
  for (int size = 1; size <= 30; ++size) {
    const Image out = crop_and_resize(flat, size);
    EXPECT_EQ(out.pixels, Bytes(static_cast<std::size_t>(size * size), 255)) << size;
  }
}

TEST(ImageTest, GreyIsTheLumaOfRec601) {
  const Image color{.shape = {3, 1, 4}, .pixels = {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255}};
  const Image grey = to_gray(color);
  EXPECT_EQ(grey.shape, (ItemShape{1, 1, 4}));
  // 255 times 0.299, 0.587, 0.114 and 1.
  EXPECT_EQ(grey.pixels, (Bytes{76, 150, 29, 255}));
  EXPECT_EQ(to_gray(grey).pixels, grey.pixels);
  EXPECT_EQ(to_color(grey).pixels, (Bytes{76, 150, 29, 255, 76, 150, 29, 255, 76, 150, 29, 255}));
}

}  // namespace
}  // namespace ebm::data
