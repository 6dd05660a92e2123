#include "metrics/mean_and_sd.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ebm::metrics {
namespace {

TEST(MeanAndSdTest, IsByHand) {
  const auto [mean, sd] = mean_and_sd(std::vector<double>{1, 2, 3, 6});
  EXPECT_DOUBLE_EQ(mean, 3.0);
  EXPECT_DOUBLE_EQ(sd, std::sqrt((4.0 + 1.0 + 0.0 + 9.0) / 3.0));
}

TEST(MeanAndSdTest, OfTooFewIsNotANumber) {
  EXPECT_EQ(mean_and_sd(std::vector<double>{5}).mean, 5.0);
  EXPECT_TRUE(std::isnan(mean_and_sd(std::vector<double>{5}).sd));
  EXPECT_TRUE(std::isnan(mean_and_sd({}).mean));
  EXPECT_TRUE(std::isnan(mean_and_sd({}).sd));
}

}  // namespace
}  // namespace ebm::metrics
