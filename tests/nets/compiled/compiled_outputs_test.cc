#include "nets/compiled/compiled_outputs.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {

/// Two values to three: y = Wx + b with small whole numbers, so that sums are exact.
CompiledOutputs three_of_two() {
  return {{.name = "three", .input = {2, 1, 1}, .layers = {Linear{.out_features = 3}}},
          {{1, 2, 3, 4, 5, 6}, {10, 20, 30}}};
}

TEST(CompiledOutputsTest, AreThoseOfTheLayerForAnyNumberOfRowsOfABlock) {
  samplers::on_every_target([] {
    const CompiledOutputs net = three_of_two();
    ASSERT_EQ(net.dim(), 2);
    ASSERT_EQ(net.n_outputs(), 3);
    for (const int n : {1, 5, 16}) {
      std::vector<float> rows, wanted;
      for (int i = 0; i < n; ++i) {
        const auto a = static_cast<float>(i), b = static_cast<float>(2 - i);
        rows.insert(rows.end(), {a, b});
        wanted.insert(wanted.end(), {a + 2 * b + 10, 3 * a + 4 * b + 20, 5 * a + 6 * b + 30});
      }
      std::vector<float> outputs(wanted.size());
      net.evaluate(rows, outputs);
      EXPECT_EQ(outputs, wanted) << n;
    }
  });
}

TEST(CompiledOutputsTest, LieInTheOrderOfChannels) {
  // Two channels, each a multiple of the image.
  const CompiledOutputs net(
      {.name = "multiples",
       .input = {1, 2, 2},
       .layers = {Conv2d{.out_channels = 2, .kernel_height = 1, .kernel_width = 1, .bias = false}}},
      {{2, 3}});
  std::vector<float> outputs(8);
  net.evaluate(std::vector<float>{1, 2, 3, 4}, outputs);
  EXPECT_EQ(outputs, (std::vector<float>{2, 4, 6, 8, 3, 6, 9, 12}));
}

TEST(CompiledOutputsTest, RowsAndOutputsOfOtherSizesAreRefused) {
  const CompiledOutputs net = three_of_two();
  std::vector<float> outputs(51);
  for (const std::size_t n_values : {0, 3, 34}) {
    expect_error(ErrorCode::kShape, "expected 1 to 16 items of 2",
                 [&] { net.evaluate(std::vector<float>(n_values), outputs); });
  }
  for (const std::size_t n_outputs : {5, 7}) {
    std::vector<float> wrong(n_outputs);
    expect_error(ErrorCode::kShape, "outputs", [&] { net.evaluate(std::vector<float>(4), wrong); });
  }
}

}  // namespace
}  // namespace ebm::nets
