#include "ebm/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "nets/files/model.h"
#include "nets/files/safetensors.h"
#include "tests/ebm/trainer_case.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/allocations.h"
#include "tests/training/interrupt_iterations.h"

namespace ebm {
namespace {
namespace fs = std::filesystem;

using TrainerTest = TrainerCase;

TEST_F(TrainerTest, BitsDoNotDependOnThreads) {
  options_.batch_size = 90;  // six blocks of 16 chains
  options_.threads = 1;
  Recorder reference;
  const std::string model = train("one", reference);
  ASSERT_EQ(reference.rows.size(), 12u);
  EXPECT_EQ(reference.n_energies, 12);
  ASSERT_EQ(reference.samples.size(), 3u);
  for (const std::int64_t threads : {2, 3, 7}) {
    options_.threads = threads;
    Recorder recorder;
    EXPECT_EQ(train(std::to_string(threads), recorder), model) << threads;
    EXPECT_EQ(recorder.rows, reference.rows);
    EXPECT_EQ(recorder.samples, reference.samples);
  }
}

TEST_F(TrainerTest, TrainsInBfloat16WithBitsThatDoNotDependOnThreads) {
  options_.batch_size = 90;
  Recorder in_float32;
  const std::string other = train("f32", in_float32);
  options_.table().assign("precision=bf16");
  Recorder reference;
  options_.threads = 1;
  const std::string model = train("1", reference);
  EXPECT_NE(reference.rows, in_float32.rows);
  for (const std::int64_t threads : {2, 3, 7}) {
    options_.threads = threads;
    Recorder recorder;
    EXPECT_EQ(train(std::to_string(threads), recorder), model) << threads;
    EXPECT_EQ(recorder.rows, reference.rows);
  }
  // The weights themselves stay float32: operands alone are rounded.
  const auto weights = nets::parse_safetensors(
      base::read_file(root_ / "1/checkpoints/000012/weights.safetensors"), "weights");
  std::size_t n_rounded = 0, n_all = 0;
  for (const float weight : weights.tensor("0.parametrizations.weight.original").as_floats()) {
    n_rounded += (std::bit_cast<std::uint32_t>(weight) & 0xFFFFU) == 0;
    ++n_all;
  }
  EXPECT_LT(n_rounded, n_all / 4);
  // A model is sampled as it was trained.
  const nets::Model found = nets::read_model(root_ / "1", {});
  EXPECT_EQ(found.recipe.precision, nets::Precision::kBfloat16);
}

TEST_F(TrainerTest, IterationsKeepTheMemoryOfChainsAndThreads) {
  // Wide: the workspace of a thread is larger than all rows of an iteration together.
  architecture_.layers = {nets::Conv2d{.out_channels = 48,
                                       .kernel_height = 3,
                                       .kernel_width = 3,
                                       .stride = 1,
                                       .padding = {1, 1, 1, 1}},
                          nets::Activation{}, nets::Flatten{}, nets::Linear{.out_features = 1}};
  options_.threads = 1;  // of several, one may get its first work, and memory, at any iteration
  Trainer trainer(options_, architecture_, dataset_);
  trainer.prepare();
  for (int i = 0; i < 3; ++i) ASSERT_FALSE(trainer.iterate());
  const samplers::Allocations allocations;
  ASSERT_FALSE(trainer.iterate());
  constexpr std::int64_t kWorkspace = 2 * 48 * 64 * samplers::kLanes * 4;
  EXPECT_LT(allocations.largest(), kWorkspace / 8);
  EXPECT_LT(allocations.bytes(), kWorkspace);
}

TEST_F(TrainerTest, AnInterruptedIterationIsUndone) {
  options_.batch_size = 90;
  options_.steps = 20;
  options_.buffer_capacity = 200;
  for (const std::string setting :
       {"buffer_policy=in-place", "buffer_policy=ring", "buffer_policy=reservoir",
        "persistent=false", "kl_weight=0.5"}) {
    TrainOptions options = options_;
    options.table().assign(setting);
    Trainer trainer(options, architecture_, dataset_);
    trainer.prepare();
    // A few before, so that a reservoir is full and drops some.
    for (int i = 0; i < 4; ++i) ASSERT_FALSE(trainer.iterate());
    Recorder recorder;
    SCOPED_TRACE(setting);
    training::expect_that_iterations_are_undone(trainer, recorder);
  }
}

TEST_F(TrainerTest, TheCompiledBackendIsTheDefault) {
  EXPECT_EQ(options_.backend, Backend::kCompiled);
}

TEST_F(TrainerTest, InterruptedAnywhereAndResumedEndsTheSame) {
  for (const char* policy : {"in-place", "ring", "reservoir"}) {
    options_.table().assign(std::string("buffer_policy=") + policy);
    options_.buffer_storage =
        std::string(policy) == "ring" ? replay::Storage::kUint8 : replay::Storage::kFloat32;
    options_.kl_weight = std::string(policy) == "reservoir" ? 0.5 : 0.0;
    Recorder reference;
    const std::string whole = std::string("whole-") + policy;
    const std::string model = train(whole, reference);
    for (const std::int64_t stop_at : {1, 4, 7}) {
      Recorder recorder;
      recorder.stop_at = stop_at;
      const std::string name = policy + std::to_string(stop_at);
      train(name, recorder);
      EXPECT_EQ(end_, training::TrainingLoop::End::kSignal);
      options_.threads = stop_at;
      EXPECT_EQ(train(name, recorder, true), model) << name;
      options_.threads = 2;
      EXPECT_EQ(end_, training::TrainingLoop::End::kIterations);
      EXPECT_EQ(recorder.rows, reference.rows);
      EXPECT_EQ(recorder.samples, reference.samples);
      // Every checkpoint file but the clock's.
      for (const char* file :
           {"weights.safetensors", "optimizer.safetensors", "replay.safetensors"}) {
        EXPECT_EQ(base::read_file(root_ / name / "checkpoints/000012" / file),
                  base::read_file(root_ / whole / "checkpoints/000012" / file))
            << file;
      }
    }
  }
}

TEST_F(TrainerTest, DamagedCheckpointIsNamedAndTheOneBeforeIsUsed) {
  Recorder reference;
  const std::string model = train("a", reference);
  const fs::path newest = root_ / "a/checkpoints/000012/weights.safetensors";
  std::string bytes = base::read_file(newest);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(newest, std::ios::binary) << bytes;
  Recorder recorder;
  EXPECT_EQ(train("a", recorder, true), model);
  ASSERT_EQ(recorder.warnings.size(), 1u);
  EXPECT_NE(recorder.warnings[0].find(newest.string() + " is damaged"), std::string::npos);
  EXPECT_EQ(recorder.rows.begin()->first, 9);  // from iteration 8
}

TEST_F(TrainerTest, OnlyTheLastCheckpointsAreKept) {
  options_.keep_checkpoints = 2;
  options_.checkpoint_every = 3;
  Recorder recorder;
  recorder.stop_at = 10;
  train("a", recorder);
  EXPECT_EQ(nets::list_checkpoints(root_ / "a/checkpoints"), (std::vector<std::int64_t>{6, 9, 10}));
  train("a", recorder, true);
  EXPECT_EQ(nets::list_checkpoints(root_ / "a/checkpoints"), (std::vector<std::int64_t>{9, 12}));
}

TEST_F(TrainerTest, InterruptedInBfloat16AndResumedEndsTheSame) {
  options_.table().assign("precision=bf16");
  Recorder reference;
  const std::string model = train("whole", reference);
  for (const std::int64_t stop_at : {1, 4, 7}) {
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = std::to_string(stop_at);
    train(name, recorder);
    EXPECT_EQ(end_, training::TrainingLoop::End::kSignal);
    options_.threads = stop_at;
    EXPECT_EQ(train(name, recorder, true), model) << name;
    options_.threads = 2;
    EXPECT_EQ(recorder.rows, reference.rows);
    EXPECT_EQ(recorder.samples, reference.samples);
  }
}

TEST_F(TrainerTest, OtherDataOnResumeAreRefused) {
  Recorder recorder;
  recorder.stop_at = 5;
  train("a", recorder);
  std::get<0>(dataset_.values)[17] ^= 1;
  EXPECT_THROW(train("a", recorder, true), Error);
}

TEST_F(TrainerTest, DivergenceRollsBackThreeTimesThenSavesAndStops) {
  // Values of the data at which nothing is saturated, and a bound that samples pass after a while.
  options_.guard_saturation = 0.2;
  options_.guard_patience = 2;
  options_.step_size = 1000;
  options_.clamp_energy_grad = 0;
  options_.checkpoint_every = 1;
  options_.iterations = 200;
  Recorder recorder;
  try {
    train("a", recorder);
    FAIL() << "did not diverge";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDiverged);
    EXPECT_NE(std::string(error.what()).find("rolled back 3 times"), std::string::npos);
  }
  ASSERT_EQ(recorder.warnings.size(), 3u);
  EXPECT_NE(recorder.warnings[0].find("share of sample values at the wall"), std::string::npos);
  EXPECT_NE(recorder.warnings[2].find("1/8 of the learning rate"), std::string::npos);
  const auto model = nets::read_model(root_ / "a/model.safetensors", {});
  EXPECT_EQ(model.architecture, architecture_);
}

TEST_F(TrainerTest, RollBackAfterAnInterruptionIsTheSameAsWithout) {
  Recorder free;
  bound_saturation(free);
  Recorder reference;
  train("whole", reference);
  ASSERT_FALSE(reference.warnings.empty());
  EXPECT_NE(reference.warnings[0].find("back to iteration 16 "), std::string::npos)
      << reference.warnings[0];
  const std::string model = base::read_file(root_ / "whole/model.safetensors");
  // Checkpoints made by an interruption at 17 or 18 are healthy, and yet no place to return to.
  for (const std::int64_t stop_at : {5, 16, 17, 18}) {
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = "cut" + std::to_string(stop_at);
    train(name, recorder);
    recorder.stop_at = -1;
    train(name, recorder, true);
    EXPECT_EQ(base::read_file(root_ / name / "model.safetensors"), model) << name;
    EXPECT_EQ(recorder.warnings.size(), reference.warnings.size()) << name;
    EXPECT_EQ(recorder.rows, reference.rows) << name;
  }
}

TEST_F(TrainerTest, UnhealthyCheckpointsDoNotPushOutTheLastGoodOne) {
  // Healthy for a while, then beyond the bound for longer than the kept checkpoints reach back.
  options_.iterations = 30;
  options_.checkpoint_every = 1;
  options_.keep_checkpoints = 1;
  Recorder free;
  train("free", free);
  // The share at the wall rises while fresh chains settle: a bound between its ends.
  const double start = free.rows.at(5)[6], end = free.rows.at(30)[6];
  ASSERT_GT(end, start);
  options_.guard_saturation = free.rows.at(20)[6];
  options_.guard_patience = 5;
  options_.iterations = 100;
  Recorder recorder;
  EXPECT_THROW(train("a", recorder), Error);
  ASSERT_FALSE(recorder.warnings.empty());
  EXPECT_EQ(recorder.warnings[0].find("back to iteration 0 "), std::string::npos)
      << recorder.warnings[0];
}

TEST_F(TrainerTest, ChainsThatBecomeNonFiniteAreDivergenceToo) {
  dataset_ = {.name = "points",
              .n = 50,
              .shape = {2, 1, 1},
              .values = std::vector<float>(100, 0.5f),
              .labels = {},
              .class_names = {},
              .is_image = false};
  // A slope so steep that one step leaves the floats.
  architecture_ = {.name = "slope",
                   .input = {2, 1, 1},
                   .layers = {nets::Linear{.out_features = 1, .init_scale = 1e30}}};
  options_.clamp_energy_grad = 0;
  options_.step_size = 1e10;
  Recorder recorder;
  try {
    train("a", recorder);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDiverged);
    EXPECT_NE(std::string(error.what()).find("became non-finite (NaN or infinity)"),
              std::string::npos);
  }
  EXPECT_EQ(recorder.warnings.size(), 3u);
}

TEST_F(TrainerTest, LibTorchIsNeededWhereAskedFor) {
  options_.backend = Backend::kTorch;
  nets::expect_error(ErrorCode::kUsage, "backend = torch: needs LibTorch",
                     [&] { Trainer(options_, architecture_, dataset_); });
}

}  // namespace
}  // namespace ebm
