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
  expect_bits_of_threads("run");
}

TEST_F(TrainerTest, TrainsInBfloat16WithBitsThatDoNotDependOnThreads) {
  options_.batch_size = 90;
  Recorder in_float32;
  const std::string other = train("f32", in_float32);
  options_.table().assign("precision=bf16");
  expect_bits_of_threads("bf16");
  EXPECT_NE(base::read_file(root_ / "bf16/model.safetensors"), other);
  // The weights themselves stay float32: operands alone are rounded.
  const auto weights = nets::parse_safetensors(
      base::read_file(root_ / "bf16/checkpoints/000012/weights.safetensors"), "weights");
  std::size_t n_rounded = 0, n_all = 0;
  for (const float weight : weights.tensor("0.parametrizations.weight.original").as_floats()) {
    n_rounded += (std::bit_cast<std::uint32_t>(weight) & 0xFFFFU) == 0;
    ++n_all;
  }
  EXPECT_LT(n_rounded, n_all / 4);
  // A model is sampled as it was trained.
  const nets::Model found = nets::read_model(root_ / "bf16", {});
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
       {"buffer_policy=in-place", "buffer_policy=ring", "buffer_policy=reservoir", "kl_weight=0.5",
        "persistent=false"}) {
    if (setting == "persistent=false") start_from_noise();
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
    Recorder whole;
    expect_bits_of_cuts(policy, whole);
  }
}

TEST_F(TrainerTest, AugmentedChainsHaveBitsOfTheirSeedAlone) {
  Recorder plain;
  const std::string without = train("plain", plain);
  for (const char* setting : {"augment_flip=true", "augment_shift=2", "augment_probability=0.5"}) {
    options_.table().assign(setting);
  }
  options_.batch_size = 90;
  expect_bits_of_threads("threads");
  options_.buffer_storage = replay::Storage::kUint8;
  Recorder whole;
  expect_bits_of_cuts("cuts", whole);
  // What it was switched off by leaves the bits of before.
  options_.buffer_storage = replay::Storage::kFloat32;
  options_.batch_size = 40;
  const std::string with = train("with", whole);
  EXPECT_NE(with, without);
  options_.augment = {};
  EXPECT_EQ(train("again", whole), without);
}

TEST_F(TrainerTest, AnInterruptedIterationWithAugmentedChainsIsUndone) {
  options_.batch_size = 90;
  options_.steps = 20;
  options_.buffer_capacity = 200;
  options_.augment = {.flip = true, .shift = 1};
  Trainer trainer(options_, architecture_, dataset_);
  trainer.prepare();
  for (int i = 0; i < 4; ++i) ASSERT_FALSE(trainer.iterate());
  Recorder recorder;
  training::expect_that_iterations_are_undone(trainer, recorder);
}

TEST_F(TrainerTest, AugmentationThatDoesNotFitTheDataIsRefused) {
  options_.augment = {.colour = 0.5};
  nets::expect_error(ErrorCode::kUsage, "augment_colour = 0.5: must be 0 for images",
                     [&] { Trainer(options_, architecture_, dataset_); });
  options_.augment = {.shift = 8};
  nets::expect_error(ErrorCode::kUsage, "augment_shift = 8: must be at most 7",
                     [&] { Trainer(options_, architecture_, dataset_); });
  dataset_.is_image = false;
  nets::expect_error(ErrorCode::kUsage, "augment_shift = 8: must be 0 for points",
                     [&] { Trainer(options_, architecture_, dataset_); });
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
  Recorder whole;
  expect_bits_of_cuts("run", whole);
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
  Recorder whole;
  // Checkpoints made by an interruption at 17 or 18 are healthy, and yet no place to return to.
  expect_bits_of_cut_roll_backs({5, 16, 17, 18}, whole);
  EXPECT_NE(whole.warnings[0].find("back to iteration 16 "), std::string::npos)
      << whole.warnings[0];
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
