#include "training/training_loop.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "nets/files/checkpoint_folder.h"
#include "tests/nets/expect_error.h"
#include "tests/training/training_loop_case.h"

namespace ebm::training {
namespace {
namespace fs = std::filesystem;

using TrainingLoopTest = TrainingLoopCase;

TEST_F(TrainingLoopTest, MakesEveryIterationAndSavesTheModel) {
  FakeLearner learner;
  FakeObserver observer;
  EXPECT_EQ(train("run", learner, observer), End::kIterations);
  EXPECT_EQ(observer.starts, Iterations{0});
  EXPECT_EQ(observer.iterations, from_to(1, 10));
  EXPECT_EQ(observer.x.at(10), 55.0);
  EXPECT_EQ(model("run"), 55.0f);
  EXPECT_EQ(learner.n_prepared, 1);
  EXPECT_EQ(observer.warnings, std::vector<std::string>{});
}

TEST_F(TrainingLoopTest, TellsRowsAndPicturesAtTheirIterations) {
  options_.log_every = 3;
  options_.sample_every = 4;
  FakeLearner learner;
  FakeObserver observer;
  train("run", learner, observer);
  EXPECT_EQ(observer.logged, (Iterations{3, 6, 9}));
  EXPECT_EQ(observer.energies, observer.logged);
  EXPECT_EQ(observer.pictures, (Iterations{4, 8}));
}

TEST_F(TrainingLoopTest, KeepsTheLastCheckpointsOnScheduleAndTheNewest) {
  FakeLearner learner;
  FakeObserver observer;
  train("even", learner, observer);
  EXPECT_EQ(checkpoints("even"), (Iterations{8, 10}));
  options_.iterations = 9;
  FakeLearner other;
  train("odd", other, observer);
  EXPECT_EQ(checkpoints("odd"), (Iterations{6, 8, 9}));
  options_.keep_checkpoints = 3;
  FakeLearner third;
  train("three", third, observer);
  EXPECT_EQ(checkpoints("three"), (Iterations{4, 6, 8, 9}));
}

// As after a crash between the last checkpoint and the removal of older ones.
TEST_F(TrainingLoopTest, ARunThatHasEndedRemovesWhatIsLeftOfOldCheckpoints) {
  const std::int64_t few = options_.keep_checkpoints;
  options_.keep_checkpoints = few + 2;
  FakeLearner learner, again;
  FakeObserver observer;
  train("run", learner, observer);
  EXPECT_EQ(checkpoints("run"), (Iterations{4, 6, 8, 10}));
  options_.keep_checkpoints = few;
  train("run", again, observer);
  EXPECT_EQ(checkpoints("run"), (Iterations{8, 10}));
  EXPECT_EQ(model("run"), 55.0f);
}

TEST_F(TrainingLoopTest, ASignalSavesAndAResumedRunIsThatWithoutIt) {
  FakeLearner whole;
  FakeObserver of_whole;
  train("whole", whole, of_whole);
  FakeLearner first;
  FakeObserver of_first;
  of_first.stop_at = 5;
  EXPECT_EQ(train("cut", first, of_first), End::kSignal);
  EXPECT_EQ(of_first.iterations, from_to(1, 5));
  // One by a signal does not push out those on schedule.
  EXPECT_EQ(checkpoints("cut"), (Iterations{2, 4, 5}));
  EXPECT_EQ(model("cut"), 15.0f);
  FakeLearner second;
  FakeObserver of_second;
  EXPECT_EQ(train("cut", second, of_second), End::kIterations);
  EXPECT_EQ(of_second.starts, Iterations{5});
  EXPECT_EQ(of_second.iterations, from_to(6, 10));
  EXPECT_EQ(model("cut"), model("whole"));
  EXPECT_EQ(checkpoints("cut"), checkpoints("whole"));
  EXPECT_GE(second.counters().seconds, first.counters().seconds);
}

TEST_F(TrainingLoopTest, ASignalBeforeTheFirstIterationSavesTheStart) {
  FakeLearner learner;
  FakeObserver observer;
  observer.stop = 15;
  EXPECT_EQ(train("run", learner, observer), End::kSignal);
  EXPECT_EQ(observer.iterations, Iterations{});
  EXPECT_EQ(checkpoints("run"), Iterations{0});
  EXPECT_EQ(model("run"), 0.0f);
}

TEST_F(TrainingLoopTest, ARunAtItsEndMakesNothingMore) {
  FakeLearner first, second;
  FakeObserver observer;
  train("run", first, observer);
  FakeObserver again;
  EXPECT_EQ(train("run", second, again), End::kIterations);
  EXPECT_EQ(again.iterations, Iterations{});
  EXPECT_EQ(checkpoints("run"), (Iterations{8, 10}));
  EXPECT_EQ(model("run"), 55.0f);
}

TEST_F(TrainingLoopTest, ADamagedCheckpointGivesWayToTheOneBefore) {
  FakeLearner first;
  FakeObserver of_first;
  train("run", first, of_first);
  damage("run", 10);
  options_.iterations = 12;
  FakeLearner second;
  FakeObserver of_second;
  train("run", second, of_second);
  EXPECT_EQ(of_second.iterations, from_to(9, 12));
  EXPECT_EQ(model("run"), 78.0f);
  ASSERT_EQ(of_second.warnings.size(), 1u);
  EXPECT_NE(of_second.warnings[0].find("000010"), std::string::npos) << of_second.warnings[0];
}

TEST_F(TrainingLoopTest, ARunOfDamagedCheckpointsOrOtherDataIsNotResumed) {
  FakeLearner first;
  FakeObserver observer;
  train("run", first, observer);
  FakeLearner of_other_data;
  of_other_data.counters().data_fingerprint = "another";
  nets::expect_error(ErrorCode::kBadData, "was trained on other data",
                     [&] { train("run", of_other_data, observer); });
  damage("run", 8);
  damage("run", 10);
  FakeLearner second;
  nets::expect_error(ErrorCode::kBadData, "every checkpoint in",
                     [&] { train("run", second, observer); });
  EXPECT_EQ(checkpoints("run"), (Iterations{8, 10}));
}

TEST_F(TrainingLoopTest, DivergenceGoesBackToTheLastCheckpointWithNewNoise) {
  FakeLearner learner;
  learner.diverges = {{6, 0}};
  FakeObserver observer;
  EXPECT_EQ(train("run", learner, observer), End::kIterations);
  EXPECT_EQ(observer.starts, (Iterations{0, 4}));
  EXPECT_EQ(observer.iterations, (Iterations{1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(learner.counters().rollbacks, 1);
  EXPECT_EQ(learner.n_prepared, 2);
  EXPECT_EQ(learner.n_started_afresh, 0);
  EXPECT_EQ(model("run"), 1 + 2 + 3 + 4 + 1000.0f * (5 + 6 + 7 + 8 + 9 + 10));
  EXPECT_EQ(observer.warnings,
            std::vector<std::string>{"diverged at iteration 6: the number is too large; back to "
                                     "iteration 4 with new noise and 1/2 of the learning rate"});
}

TEST_F(TrainingLoopTest, DivergenceWithoutACheckpointStartsAfresh) {
  FakeLearner learner;
  learner.diverges = {{2, 0}, {1, 1}};
  FakeObserver observer;
  train("run", learner, observer);
  EXPECT_EQ(observer.starts, (Iterations{0, 0, 0}));
  EXPECT_EQ(learner.n_started_afresh, 2);
  EXPECT_EQ(learner.counters().rollbacks, 2);
  EXPECT_EQ(model("run"), 2000.0f * 55);
  ASSERT_EQ(observer.warnings.size(), 2u);
  EXPECT_NE(observer.warnings[1].find("1/4 of the learning rate"), std::string::npos);
}

TEST_F(TrainingLoopTest, UnhealthyCheckpointsAreKeptAndNotGoneBackTo) {
  // The guard had counted at 6, 8 and 10; 4 is the newest state to go back to, beside the last two.
  options_.iterations = 20;
  FakeLearner learner;
  learner.unhealthy = {6, 8, 10};
  learner.diverges = {{11, 0}};
  FakeObserver observer;
  observer.stop_at = 10;
  train("run", learner, observer);
  EXPECT_EQ(checkpoints("run"), (Iterations{4, 8, 10}));
  FakeLearner second;
  second.unhealthy = learner.unhealthy;
  second.diverges = learner.diverges;
  FakeObserver of_second;
  train("run", second, of_second);
  EXPECT_EQ(of_second.starts, (Iterations{10, 4}));
  EXPECT_EQ(model("run"), 10.0f + 1000.0f * (210 - 10));
}

TEST_F(TrainingLoopTest, CheckpointsBySignalAreNotGoneBackTo) {
  FakeLearner first, second;
  FakeObserver of_first, of_second;
  of_first.stop_at = 5;
  first.diverges = second.diverges = {{6, 0}};
  train("run", first, of_first);
  train("run", second, of_second);
  // As without the signal.
  EXPECT_EQ(of_second.starts, (Iterations{5, 4}));
  EXPECT_EQ(model("run"), 10.0f + 1000.0f * 45);
  EXPECT_EQ(checkpoints("run"), (Iterations{8, 10}));
}

TEST_F(TrainingLoopTest, ADamagedCheckpointIsPassedOverOnTheWayBack) {
  FakeLearner first, second;
  FakeObserver of_first, of_second;
  of_first.stop_at = 7;
  train("run", first, of_first);
  ASSERT_EQ(checkpoints("run"), (Iterations{4, 6, 7}));
  damage("run", 6);
  second.diverges = {{8, 0}};
  train("run", second, of_second);
  EXPECT_EQ(of_second.starts, (Iterations{7, 4}));
  EXPECT_EQ(model("run"), 10.0f + 1000.0f * 45);
  ASSERT_EQ(of_second.warnings.size(), 2u);
  EXPECT_NE(of_second.warnings[0].find("000006"), std::string::npos);
  EXPECT_TRUE(of_second.warnings[0].ends_with("; passed over")) << of_second.warnings[0];
}

TEST_F(TrainingLoopTest, TheFourthDivergenceEndsTheRunWithItsLastGoodModel) {
  FakeLearner learner;
  learner.diverges = {{5, 0}, {5, 1}, {5, 2}, {5, 3}};
  FakeObserver observer;
  nets::expect_error(ErrorCode::kDiverged,
                     "training diverged at iteration 5: the number is too large; rolled back 3 "
                     "times already; the model of iteration 4 is in ",
                     [&] { train("run", learner, observer); });
  EXPECT_EQ(observer.warnings.size(), 3u);
  EXPECT_EQ(model("run"), 10.0f);
  EXPECT_EQ(checkpoints("run"), (Iterations{2, 4}));
}

TEST_F(TrainingLoopTest, RollbacksAreCountedOverSessions) {
  FakeLearner first, second;
  FakeObserver of_first, of_second;
  first.diverges = {{3, 0}, {3, 1}, {3, 2}};
  of_first.stop_at = 4;
  train("run", first, of_first);
  EXPECT_EQ(first.counters().rollbacks, 3);
  second.diverges = {{7, 3}};
  nets::expect_error(ErrorCode::kDiverged, "rolled back 3 times already",
                     [&] { train("run", second, of_second); });
}

TEST_F(TrainingLoopTest, SamplesAreEvaluatedAtTheirIterationsAndAtTheEnd) {
  options_.log_every = 3;
  options_.evaluations = {.period = 6, .log_every = 3};
  options_.iterations = 11;
  FakeLearner learner;
  FakeObserver observer;
  train("run", learner, observer);
  EXPECT_EQ(learner.evaluated, (Iterations{6, 9}));  // 9 is the last row
  EXPECT_EQ(observer.logged, (Iterations{3, 6, 9}));
}

TEST_F(TrainingLoopTest, AnInterruptedEvaluationUndoesItsIterationAndIsMadeAgain) {
  options_.evaluations = {.period = 5, .log_every = 1};
  FakeLearner first, second;
  FakeObserver of_first, of_second;
  first.interrupted_evaluations = {5};
  EXPECT_EQ(train("run", first, of_first), End::kSignal);
  EXPECT_EQ(of_first.iterations, from_to(1, 4));
  EXPECT_EQ(checkpoints("run"), (Iterations{2, 4}));
  EXPECT_EQ(model("run"), 10.0f);
  train("run", second, of_second);
  EXPECT_EQ(second.evaluated, (Iterations{5, 10}));
  EXPECT_EQ(of_second.iterations, from_to(5, 10));
  EXPECT_EQ(model("run"), 55.0f);
}

TEST_F(TrainingLoopTest, ALongerRunTakesBackTheEvaluationOfTheOldEnd) {
  options_.evaluations = {.period = 4, .log_every = 1};
  FakeLearner first, second;
  FakeObserver of_first, of_second;
  train("run", first, of_first);
  EXPECT_EQ(first.evaluated, (Iterations{4, 8, 10}));
  EXPECT_EQ(first.counters().end_evaluation, 10);
  // The state before the last row is kept for that, whatever the schedule says.
  EXPECT_EQ(checkpoints("run"), (Iterations{8, 9, 10}));
  options_.iterations = 14;
  train("run", second, of_second);
  EXPECT_EQ(of_second.starts, Iterations{9});
  EXPECT_EQ(second.evaluated, (Iterations{12, 14}));
  EXPECT_EQ(model("run"), 105.0f);
  // Where that state is gone, the run goes on from its end and says so.
  FakeLearner third;
  FakeObserver of_third;
  damage("run", 13);
  options_.iterations = 15;
  train("run", third, of_third);
  EXPECT_EQ(of_third.starts, Iterations{14});
  ASSERT_EQ(of_third.warnings.size(), 1u);
  EXPECT_TRUE(of_third.warnings[0].ends_with("; the run goes on from its end"));
}

TEST_F(TrainingLoopTest, ACheckpointThatCannotBeWrittenEndsTheRun) {
  FakeLearner learner;
  FakeObserver observer;
  const RunFolder folder(root_ / "run");
  fs::remove_all(folder.checkpoints());
  std::ofstream(folder.checkpoints()) << "a file in the way";
  TrainingLoop loop(options_, folder, observer, learner);
  nets::expect_error(ErrorCode::kIo, "checkpoints", [&] { loop.run(observer.stop); });
  EXPECT_EQ(observer.iterations, from_to(1, 2));
  EXPECT_FALSE(fs::exists(folder.model()));
}

}  // namespace
}  // namespace ebm::training
