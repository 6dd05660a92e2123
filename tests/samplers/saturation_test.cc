#include "samplers/saturation.h"

#include <gtest/gtest.h>

#include <vector>

namespace ebm::samplers {
namespace {

TEST(SaturationTest, IsTheShareOfValuesAtTheWalls) {
  const std::vector<float> values{-1.0f, -0.999f, 0.0f, 1.0f, 1.5f};
  EXPECT_DOUBLE_EQ(saturation(values, Box{-1.0f, 1.0f}), 0.6);
  EXPECT_EQ(saturation(values, Box{-2.0f, 2.0f}), 0.0);
  EXPECT_EQ(saturation(values, std::nullopt), 0.0);
  EXPECT_EQ(saturation({}, Box{-1.0f, 1.0f}), 0.0);
}

}  // namespace
}  // namespace ebm::samplers
