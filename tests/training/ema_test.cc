#include "training/ema.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/samplers/on_every_target.h"

namespace ebm::training {
namespace {

TEST(EmaTest, AveragesWithItsWarmUp) {
  samplers::on_every_target([] {
    std::vector<float> values(37), average(37);
    for (std::size_t i = 0; i < 37; ++i) {
      average[i] = 0.1f * static_cast<float>(i);
      values[i] = average[i] + 1.0f;
    }
    const std::vector<float> before = average;
    update_average({values}, 1, 0.99, {average});  // d = min(0.99, 2/11)
    for (std::size_t i = 0; i < 37; ++i) EXPECT_NEAR(average[i], before[i] + 9.0f / 11, 1e-6f) << i;
    update_average({values}, 1000000, 0.99, {average});
    for (std::size_t i = 0; i < 37; ++i) {
      EXPECT_NEAR(average[i], before[i] + 1 - 0.99f * 2.0f / 11, 1e-6f) << i;
    }
    update_average({values}, 5, 0.0, {average});
    EXPECT_EQ(average, values);
  });
}

}  // namespace
}  // namespace ebm::training
