#include "metrics/input_complexity.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

constexpr std::int64_t kDim = 28 * 28;

TEST(InputComplexityTest, GoesFromConstantToNoise) {
  std::vector<std::uint8_t> images;
  base::RandomStream random({.seed = 1}, 0);
  for (std::int64_t i = 0; i < kDim; ++i) images.push_back(77);
  for (std::int64_t i = 0; i < kDim; ++i) images.push_back(i % 28 < 14 ? 0 : 255);
  for (std::int64_t i = 0; i < kDim; ++i) images.push_back(random.next_word() % 4);
  for (std::int64_t i = 0; i < kDim; ++i) images.push_back(random.next_word() % 256);
  const std::vector<double> bits = input_complexity(images, 4, kDim);
  ASSERT_EQ(bits.size(), 4u);
  EXPECT_GT(bits[0], 0.0);
  EXPECT_LT(bits[0], 0.3);  // two bytes of frame, four of check sum, a few of one run
  EXPECT_GT(bits[1], bits[0]);
  EXPECT_LT(bits[1], 0.5);
  EXPECT_GT(bits[2], 2.0);  // 2 bits of entropy a value
  EXPECT_LT(bits[2], 3.2);
  EXPECT_GT(bits[3], 8.0);  // 8 bits of entropy, stored as they are
  EXPECT_LT(bits[3], 8.3);
}

TEST(InputComplexityTest, OfAnImageHangsOnItAlone) {
  std::vector<std::uint8_t> images(3 * kDim);
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<std::uint8_t>(i * i / 97);
  const std::vector<double> all = input_complexity(images, 3, kDim, 2);
  const std::span<const std::uint8_t> second(images.data() + kDim, kDim);
  EXPECT_EQ(input_complexity(second, 1, kDim)[0], all[1]);
}

TEST(InputComplexityTest, WrongSizesAreRefused) {
  const std::vector<std::uint8_t> images(12);
  EXPECT_TRUE(contains(message_of(ErrorCode::kShape, [&] { input_complexity(images, 5, 2); }),
                       "images [5, 2] hold 12 bytes"));
  message_of(ErrorCode::kShape, [&] { input_complexity(images, 0, 12); });
  message_of(ErrorCode::kShape, [&] { input_complexity(images, 12, 0); });
  message_of(ErrorCode::kUsage, [&] { input_complexity(images, 4, 3, 0); });
}

}  // namespace
}  // namespace ebm::metrics
