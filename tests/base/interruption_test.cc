#include "base/interruption.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/error.h"
#include "base/parallel.h"

namespace ebm::base {
namespace {

TEST(InterruptionTest, NothingIsInterruptedWithoutAScopeOrAFlag) {
  EXPECT_NO_THROW(throw_if_interrupted());
  const std::atomic<int> stop{0};
  const InterruptionScope scope(stop);
  EXPECT_NO_THROW(throw_if_interrupted());
}

TEST(InterruptionTest, TheFlagCountsWhileTheScopeLives) {
  const std::atomic<int> stop{15};
  {
    const InterruptionScope scope(stop);
    EXPECT_THROW(throw_if_interrupted(), Interrupted);
  }
  EXPECT_NO_THROW(throw_if_interrupted());
}

TEST(InterruptionTest, ADeadlineThatHasPassedInterrupts) {
  const std::atomic<int> stop{0};
  const auto now = InterruptionScope::Clock::now();
  {
    const InterruptionScope scope(stop, now + std::chrono::hours(1));
    EXPECT_NO_THROW(throw_if_interrupted());
  }
  const InterruptionScope scope(stop, now);
  EXPECT_THROW(throw_if_interrupted(), Interrupted);
}

TEST(InterruptionTest, AScopeOfAnotherFlagIsRefused) {
  const std::atomic<int> stop{0}, other{0};
  const InterruptionScope scope(stop);
  EXPECT_THROW(InterruptionScope{other}, Error);
}

TEST(InterruptionTest, AScopeInsideOneOfTheSameFlagChangesNothing) {
  std::atomic<int> stop{0};
  const InterruptionScope scope(stop);
  {
    const InterruptionScope inside(stop, InterruptionScope::Clock::now());
    EXPECT_NO_THROW(throw_if_interrupted());
  }
  stop = 2;
  EXPECT_THROW(throw_if_interrupted(), Interrupted);
}

TEST(InterruptionTest, NothingIsInterruptedInAPause) {
  const std::atomic<int> stop{15};
  const InterruptionScope scope(stop);
  {
    const InterruptionPause pause;
    EXPECT_NO_THROW(throw_if_interrupted());
  }
  EXPECT_THROW(throw_if_interrupted(), Interrupted);
}

TEST(InterruptionTest, TasksThatHaveNotBegunAreLeftOut) {
  for (const int n_threads : {1, 2, 3}) {
    std::atomic<int> stop{0};
    std::atomic<int> n_begun{0};
    const InterruptionScope scope(stop);
    EXPECT_THROW(parallel_for(1000, n_threads,
                              [&](std::int64_t i) {
                                if (i == 4) stop = 2;
                                ++n_begun;
                              }),
                 Interrupted);
    EXPECT_GE(n_begun, 1) << n_threads;
    EXPECT_LT(n_begun, 1000) << n_threads;
  }
}

}  // namespace
}  // namespace ebm::base
