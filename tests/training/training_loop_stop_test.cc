#include <gtest/gtest.h>

#include <chrono>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "base/interruption.h"
#include "tests/training/training_loop_case.h"
#include "training/training_loop.h"

namespace ebm::training {
namespace {

using TrainingLoopStopTest = TrainingLoopCase;

TEST_F(TrainingLoopStopTest, MinutesEndARunAtOnceOrAtTheNextEvaluatedRow) {
  /// Comes up when time has passed.
  struct Slow : FakeObserver {
    void on_start(std::int64_t) override {
      const auto start = std::chrono::steady_clock::now();
      while (std::chrono::steady_clock::now() == start) {
      }
    }
  };
  options_.minutes = 1e-12;  // less than a tick
  FakeLearner learner, judged;
  Slow observer;
  EXPECT_EQ(train("run", learner, observer), End::kMinutes);
  EXPECT_EQ(observer.iterations, Iterations{});
  EXPECT_EQ(checkpoints("run"), Iterations{0});
  options_.evaluations = {.period = 6, .log_every = 3};
  judged.counters().iteration = 1;
  EXPECT_EQ(train("judged", judged, observer), End::kMinutes);
  EXPECT_EQ(observer.iterations, (Iterations{2, 3}));
  EXPECT_EQ(judged.evaluated, Iterations{3});
}

/// Comes to no end unless it is interrupted.
void last_for_ever() {
  for (;;) {
    base::throw_if_interrupted();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST_F(TrainingLoopStopTest, ASignalAbandonsALongIterationAndAResumedRunIsThatWithoutIt) {
  FakeLearner whole;
  FakeObserver of_whole;
  train("whole", whole, of_whole);
  // The first is long, as nobody knows; then each after those of over a quarter of a second.
  for (const std::int64_t at : {1, 2, 4}) {
    const std::string name = "cut" + std::to_string(at);
    FakeLearner first, second;
    FakeObserver of_first, of_second;
    first.in_iteration = [&](std::int64_t iteration) {
      if (iteration == at) {
        of_first.stop = 15;
        last_for_ever();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    };
    EXPECT_EQ(train(name, first, of_first), End::kSignal);
    EXPECT_EQ(first.counters().iteration, at - 1);
    EXPECT_EQ(of_first.iterations, from_to(1, at - 1));
    EXPECT_EQ(train(name, second, of_second), End::kIterations);
    EXPECT_EQ(of_second.starts, Iterations{at - 1});
    EXPECT_EQ(of_second.iterations, from_to(at, 10));
    EXPECT_EQ(model(name), model("whole"));
    EXPECT_EQ(checkpoints(name), checkpoints("whole"));
  }
}

TEST_F(TrainingLoopStopTest, WhatIsSavedBeforeTheStateIsBackIsThatState) {
  FakeLearner whole, first, second;
  FakeObserver of_whole, of_first, of_second;
  train("whole", whole, of_whole);
  first.makes_files = true;
  first.in_iteration = [&](std::int64_t iteration) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (iteration < 6) return;
    of_first.stop = 15;
    last_for_ever();
  };
  EXPECT_EQ(train("cut", first, of_first), End::kSignal);
  EXPECT_EQ(first.counters().iteration, 5);
  EXPECT_EQ(model("cut"), 15.0f);  // 1 + ... + 5
  EXPECT_GE(first.counters().seconds, 1.5);
  second.in_iteration = [&](std::int64_t iteration) {
    if (iteration != 6) return;
    EXPECT_EQ(second.x, 21.0);
    EXPECT_NEAR(second.counters().seconds, first.counters().seconds, 1e-9);
  };
  EXPECT_EQ(train("cut", second, of_second), End::kIterations);
  EXPECT_EQ(of_second.starts, Iterations{5});
  EXPECT_EQ(model("cut"), model("whole"));
  EXPECT_EQ(checkpoints("cut"), checkpoints("whole"));
}

TEST_F(TrainingLoopStopTest, ASignalWhileSamplesAreDrawnUndoesTheIteration) {
  options_.sample_every = 4;
  FakeLearner first, second;
  FakeObserver of_first, of_second;
  first.in_picture = [&](std::int64_t iteration) {
    if (iteration != 8) return;
    of_first.stop = 2;
    last_for_ever();
  };
  EXPECT_EQ(train("run", first, of_first), End::kSignal);
  EXPECT_EQ(of_first.logged, from_to(1, 7));
  EXPECT_EQ(of_first.pictures, Iterations{4});
  train("run", second, of_second);
  EXPECT_EQ(of_second.iterations, from_to(8, 10));
  EXPECT_EQ(of_second.pictures, Iterations{8});
  EXPECT_EQ(model("run"), 55.0f);
}

TEST_F(TrainingLoopStopTest, ShortIterationsCostNoCopyOfTheState) {
  options_.iterations = 100;
  FakeLearner learner;
  FakeObserver observer;
  train("run", learner, observer);
  EXPECT_EQ(learner.n_remembered, 1);  // before the speed is known
}

TEST_F(TrainingLoopStopTest, TheTimeLimitAbandonsALongIteration) {
  options_.minutes = 0.2 / 60.0;
  FakeLearner learner;
  FakeObserver observer;
  learner.in_iteration = [](std::int64_t) { last_for_ever(); };
  EXPECT_EQ(train("run", learner, observer), End::kMinutes);
  EXPECT_EQ(checkpoints("run"), Iterations{0});
  EXPECT_EQ(model("run"), 0.0f);
}

TEST_F(TrainingLoopStopTest, TheTimeLimitCountsWhatWasUsedBefore) {
  options_.minutes = 10.0;
  options_.seconds_before = 601.0;
  FakeLearner learner;
  FakeObserver observer;
  EXPECT_EQ(train("run", learner, observer), End::kMinutes);
  EXPECT_EQ(observer.iterations, Iterations{});
}

TEST_F(TrainingLoopStopTest, ATimeLimitThatCutsTheScheduleOffIsReportedOnce) {
  options_.iterations = 1000000;
  options_.minutes = 0.5 / 60.0;
  const auto warnings_of = [&](const std::string& name) {
    FakeLearner learner;
    FakeObserver observer;
    learner.in_iteration = [](std::int64_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    };
    EXPECT_EQ(train(name, learner, observer), End::kMinutes);
    return observer.warnings;
  };
  EXPECT_EQ(warnings_of("constant"), std::vector<std::string>());
  options_.schedule_end = 3;  // over before
  EXPECT_EQ(warnings_of("over"), std::vector<std::string>());
  options_.schedule_end = 1000000;
  const auto warnings = warnings_of("cut off");
  ASSERT_EQ(warnings.size(), 1u);
  // 100 iterations of 5 ms, fewer on a busy machine; rounded down to two digits.
  EXPECT_TRUE(std::regex_match(
      warnings[0],
      std::regex("minutes = 0\\.00833333[0-9]*: is enough for about ([0-9]{1,2}|100) of 1000000 "
                 "iterations, too few for the learning rate to fall to its end; "
                 "--iterations ([0-9]{1,2}|100) would fit")))
      << warnings[0];
}

TEST_F(TrainingLoopStopTest, ARequestSavesAndTheRunGoesOnUnchanged) {
  options_.checkpoint_every = 100;
  int n_asked = 0;
  options_.take_save_request = [&] { return ++n_asked == 4; };  // before the fourth iteration
  FakeLearner learner;
  FakeObserver observer;
  Iterations at_five;
  learner.in_iteration = [&](std::int64_t iteration) {
    if (iteration == 5) at_five = checkpoints("run");
  };
  EXPECT_EQ(train("run", learner, observer), End::kIterations);
  EXPECT_EQ(at_five, Iterations{3});
  EXPECT_EQ(checkpoints("run"), Iterations{10});
  EXPECT_EQ(model("run"), 55.0f);
  EXPECT_EQ(observer.iterations, from_to(1, 10));
  EXPECT_EQ(observer.messages,
            std::vector<std::string>{"saved a checkpoint of iteration 3, as asked by SIGUSR1"});
  EXPECT_TRUE(observer.warnings.empty());
}

}  // namespace
}  // namespace ebm::training
