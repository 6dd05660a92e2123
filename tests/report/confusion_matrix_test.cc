#include "report/confusion_matrix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"

namespace ebm::report {
namespace {

TEST(ConfusionMatrixTest, CellsAreDarkerTheLargerTheirShareOfTheRow) {
  const std::vector<std::int64_t> counts{9, 0, 0, 16, 0, 48, 0, 0, 0};
  const PixelImage picture = confusion_matrix({"a", "b", "c"}, counts);
  // Cells of 44 pixels from a left edge that depends on the font: found by the first row, which is
  // one full cell and two empty ones.
  const auto red = [&](std::int64_t x, std::int64_t y) {
    return int{picture.pixels[static_cast<std::size_t>((y * picture.width + x) * 3)]};
  };
  const std::int64_t row = 54 + 4;  // above the number in the middle
  std::int64_t left = 0;
  while (red(left, row) != 0) ++left;
  EXPECT_EQ(red(left + 40, row), 0);
  EXPECT_EQ(red(left + 44 + 20, row), 255);
  EXPECT_EQ(red(left + 88 + 20, row), 255);
  // Second row: a quarter and three quarters, by the square root.
  EXPECT_NEAR(red(left + 20, row + 44), 255.0 * (1.0 - 0.5), 1.0);
  EXPECT_EQ(red(left + 44 + 20, row + 44), 255);
  EXPECT_NEAR(red(left + 88 + 20, row + 44), 255.0 * (1.0 - std::sqrt(0.75)), 1.0);
  // Third row: no items.
  EXPECT_EQ(red(left + 20, row + 88), 255);
}

TEST(ConfusionMatrixTest, RefusesWhatIsNoMatrix) {
  const auto code_of = [](std::size_t n_names, std::size_t n_counts) {
    try {
      confusion_matrix(std::vector<std::string>(n_names, "x"),
                       std::vector<std::int64_t>(n_counts, 1));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of(0, 0), ErrorCode::kUsage);
  EXPECT_EQ(code_of(41, 41 * 41), ErrorCode::kUsage);
  EXPECT_EQ(code_of(2, 3), ErrorCode::kShape);
  EXPECT_EQ(code_of(40, 1600), ErrorCode::kInternal);  // none was thrown
}

}  // namespace
}  // namespace ebm::report
