#include "training/learning_rate.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ebm::training {
namespace {

TEST(LearningRateTest, WarmsUpLinearly) {
  const LearningRate rate{.peak = 1.0, .warmup_iterations = 4};
  EXPECT_DOUBLE_EQ(rate.at(0), 0.25);
  EXPECT_DOUBLE_EQ(rate.at(3), 1.0);
  EXPECT_DOUBLE_EQ(rate.at(1000), 1.0);
}

TEST(LearningRateTest, DecaysFromStartToEndAndStaysThere) {
  LearningRate rate{.peak = 2.0,
                    .schedule = RateSchedule::kExponential,
                    .decay_start = 100,
                    .decay_end = 300,
                    .final_fraction = 0.25};
  EXPECT_DOUBLE_EQ(rate.at(100), 2.0);
  EXPECT_DOUBLE_EQ(rate.at(200), 1.0);
  EXPECT_DOUBLE_EQ(rate.at(300), 0.5);
  EXPECT_DOUBLE_EQ(rate.at(5000), 0.5);
  rate.schedule = RateSchedule::kCosine;
  EXPECT_DOUBLE_EQ(rate.at(0), 2.0);
  EXPECT_DOUBLE_EQ(rate.at(200), 1.25);
  EXPECT_DOUBLE_EQ(rate.at(300), 0.5);
}

TEST(LearningRateTest, UvaRecipeFallsByThreePercentAnEpoch) {
  // ×0.97 every 468 iterations for 60 epochs, as a continuous decay.
  const LearningRate rate{.peak = 1e-4,
                          .schedule = RateSchedule::kExponential,
                          .decay_start = 0,
                          .decay_end = 60 * 468,
                          .final_fraction = 0.16080684};  // 0.97⁶⁰
  EXPECT_NEAR(rate.at(468), 0.97e-4, 1e-10);
}

TEST(LearningRateTest, BadOptionsAreRefused) {
  EXPECT_THROW((LearningRate{.peak = 0.0}.validate()), Error);
  EXPECT_THROW((LearningRate{.schedule = RateSchedule::kCosine, .decay_start = 5, .decay_end = 5}
                    .validate()),
               Error);
  EXPECT_THROW((LearningRate{.final_fraction = 0.0}.validate()), Error);
}

}  // namespace
}  // namespace ebm::training
