#include "training/evaluation_schedule.h"

#include <gtest/gtest.h>

#include <vector>

namespace ebm::training {
namespace {

constexpr double kQuickStart = 64 * 20;  // chain-steps of an iteration

EvaluationSchedule of(double budget, double cost, std::int64_t log_every) {
  return EvaluationSchedule::within_budget(budget, cost, kQuickStart, log_every);
}

TEST(EvaluationScheduleTest, ThePeriodIsTheLeastMultipleOfRowsWithinTheBudget) {
  EXPECT_EQ(of(0.05, 2000 * 256, 10).period, 8000);  // 512,000 / (0.05 · 1280) exactly
  EXPECT_EQ(of(0.05, 2000 * 256, 3).period, 8001);
  EXPECT_EQ(of(0.05, 2000 * 256, 7000).period, 14000);
  EXPECT_EQ(of(0.05, 2000 * 256 + 1, 1).period, 8001);
  EXPECT_EQ(of(0.1, 64 * 20, 1).period, 10);
  EXPECT_EQ(of(0.3, 64 * 20, 1).period, 4);
  EXPECT_EQ(of(1.0, 1, 1).period, 1);
  EXPECT_EQ(of(1.0, 1, 25).period, 25);
  EXPECT_EQ(of(1e-300, 2000 * 256, 1).period, 1'000'000'000'000'000);
}

TEST(EvaluationScheduleTest, DueIsEveryPeriodAndTheLastRow) {
  const auto due = [](const EvaluationSchedule& schedule, std::int64_t iterations) {
    std::vector<std::int64_t> found;
    for (std::int64_t i = 0; i <= iterations; ++i) {
      if (schedule.is_due(i, iterations)) found.push_back(i);
    }
    return found;
  };
  using List = std::vector<std::int64_t>;
  const EvaluationSchedule schedule{.period = 20, .log_every = 5};
  EXPECT_EQ(due(schedule, 53), (List{20, 40, 50}));
  EXPECT_EQ(due(schedule, 40), (List{20, 40}));
  EXPECT_EQ(due(schedule, 12), List{10});
  EXPECT_EQ(due(schedule, 4), List{});  // has no row
  EXPECT_FALSE(schedule.is_regular(50));
  EXPECT_EQ(due(of(0.0, 2000, 5), 53), List{});
}

}  // namespace
}  // namespace ebm::training
