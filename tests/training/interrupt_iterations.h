#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "base/interruption.h"
#include "training/learner.h"

namespace ebm::training {

/// Interrupts the next iteration at ten moments, and undoes a whole one, its picture included:
/// after each, the files of a checkpoint have to be those before, and so have those that are made
/// before it is undone, if the learner makes them.
/// @param observer  to show samples to
inline void expect_that_iterations_are_undone(Learner& learner, TrainObserver& observer) {
  using Clock = base::InterruptionScope::Clock;
  const std::atomic<int> never{0};
  const nets::CheckpointFiles before = nets::copied(learner.to_files(false));
  const Remembered undo_whole = learner.remember();
  const auto start = Clock::now();
  ASSERT_FALSE(learner.iterate());
  learner.show_samples(observer);
  const auto took = Clock::now() - start;
  EXPECT_NE(nets::copied(learner.to_files(false)), before);
  if (undo_whole.files) {
    EXPECT_EQ(nets::copied(undo_whole.files(false, 0.0)), before);
  }
  undo_whole.go_back();
  EXPECT_EQ(nets::copied(learner.to_files(false)), before);
  int n_interrupted = 0;
  for (int part = 0; part < 10; ++part) {
    const Remembered undo = learner.remember();
    try {
      const base::InterruptionScope scope(never, Clock::now() + part * took / 10);
      learner.iterate();
      learner.show_samples(observer);
    } catch (const base::Interrupted&) {
      ++n_interrupted;
    }
    if (undo.files) {
      EXPECT_EQ(nets::copied(undo.files(false, 0.0)), before) << part;
    }
    undo.go_back();
    EXPECT_EQ(nets::copied(learner.to_files(false)), before) << part;
  }
  EXPECT_GT(n_interrupted, 0);
}

}  // namespace ebm::training
