#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nets/files/checkpoint_folder.h"
#include "nets/files/safetensors.h"
#include "tests/training/fake_learner.h"
#include "training/training_loop.h"

namespace ebm::training {

using End = TrainingLoop::End;
using Iterations = std::vector<std::int64_t>;

/// Iterations first, first + 1, ..., last.
inline Iterations from_to(std::int64_t first, std::int64_t last) {
  Iterations all;
  for (std::int64_t i = first; i <= last; ++i) all.push_back(i);
  return all;
}

/// Trains runs of ten iterations, with a checkpoint at every second, in a folder of its own.
class TrainingLoopCase : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::path(testing::TempDir()) /
            (std::string("loop_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(root_);
    options_ = {.iterations = 10, .checkpoint_every = 2, .keep_checkpoints = 2};
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  /// One session in a run folder, which it resumes.
  End train(const std::string& name, FakeLearner& learner, FakeObserver& observer) {
    const RunFolder folder(root_ / name);
    TrainingLoop loop(options_, folder, observer, learner);
    loop.resume();
    return loop.run(observer.stop);
  }
  Iterations checkpoints(const std::string& name) const {
    return nets::list_checkpoints(root_ / name / "checkpoints");
  }
  /// The number in model.safetensors.
  float model(const std::string& name) const {
    return nets::read_safetensors(root_ / name / "model.safetensors").tensor("x").as_floats()[0];
  }
  /// Cuts the last byte off a file of a checkpoint.
  void damage(const std::string& name, std::int64_t iteration) const {
    const std::filesystem::path file =
        nets::checkpoint_path(root_ / name / "checkpoints", iteration) / "x.txt";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  }

  std::filesystem::path root_;
  LoopOptions options_;
};

}  // namespace ebm::training
