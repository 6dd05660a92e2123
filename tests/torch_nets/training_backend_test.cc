#include "torch_nets/training_backend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "nets/architecture/with_classes.h"
#include "nets/files/safetensors.h"
#include "samplers/energies/gaussian.h"
#include "tests/ebm/trainer_case.h"
#include "tests/training/interrupt_iterations.h"

namespace ebm::torch_nets {
namespace {

class TrainingBackendTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    make_torch_ = training_backend;
    options_.backend = Backend::kTorch;
  }
  nets::SafetensorsFile model_of(const std::string& name, Backend backend) {
    options_.backend = backend;
    Recorder recorder;
    train(name, recorder);
    EXPECT_TRUE(recorder.warnings.empty());
    return nets::read_safetensors(training::RunFolder(root_ / name).model());
  }
  void expect_the_same_weights();
};

TEST_F(TrainingBackendTest, BitsDoNotDependOnThreads) {
  options_.batch_size = 90;  // three groups of 32 rows
  options_.threads = 1;
  Recorder reference;
  const std::string model = train("one", reference);
  for (const std::int64_t threads : {2, 3, 7}) {
    options_.threads = threads;
    Recorder recorder;
    EXPECT_EQ(train(std::to_string(threads), recorder), model) << threads;
    EXPECT_EQ(recorder.rows, reference.rows);
    EXPECT_EQ(recorder.samples, reference.samples);
  }
}

TEST_F(TrainingBackendTest, AnInterruptedIterationIsUndone) {
  options_.batch_size = 90;
  options_.steps = 20;
  options_.buffer_capacity = 200;
  Trainer trainer(options_, architecture_, dataset_, {.torch = training_backend(options_)});
  trainer.prepare();
  for (int i = 0; i < 4; ++i) ASSERT_FALSE(trainer.iterate());
  Recorder recorder;
  training::expect_that_iterations_are_undone(trainer, recorder);
}

TEST_F(TrainingBackendTest, InterruptedAndResumedEndsTheSame) {
  options_.kl_weight = 0.5;
  Recorder reference, recorder;
  const std::string model = train("whole", reference);
  recorder.stop_at = 7;
  train("cut", recorder);
  EXPECT_EQ(train("cut", recorder, true), model);
  EXPECT_EQ(recorder.rows, reference.rows);
}

void TrainingBackendTest::expect_the_same_weights() {
  options_.iterations = 100;
  options_.log_every = 20;
  const nets::SafetensorsFile compiled = model_of("compiled", Backend::kCompiled);
  const nets::SafetensorsFile torch = model_of("torch", Backend::kTorch);
  // Backends differ in the rounding of gradients, by some 2⁻²⁰ of them. What that comes to over 300
  // steps of every chain and 100 of the weights is what steps do that are as much too long or
  // short.
  const auto step_size = options_.step_size;
  const auto learning_rate = options_.learning_rate;
  std::vector<nets::SafetensorsFile> others;
  for (const double factor : {1.0 - 0x1p-19, 1.0 + 0x1p-19}) {
    options_.step_size = factor * step_size;
    options_.learning_rate = factor * learning_rate;
    others.push_back(model_of(factor < 1.0 ? "shorter" : "longer", Backend::kTorch));
  }
  for (const auto& [name, tensor] : torch.tensors) {
    const auto expected = tensor.as_floats(), found = compiled.tensor(name).as_floats();
    ASSERT_EQ(found.size(), expected.size()) << name;
    const auto difference = [&](std::span<const float> values) {
      float largest = 0.0f;
      for (std::size_t i = 0; i < values.size(); ++i) {
        largest = std::max(largest, std::abs(values[i] - expected[i]));
      }
      return largest;
    };
    float limit = 0.0f;
    for (const auto& other : others) {
      limit = std::max(limit, 4.0f * difference(other.tensor(name).as_floats()));
    }
    EXPECT_LE(difference(found), limit) << name;
  }
}

TEST_F(TrainingBackendTest, BackendsTrainToTheSameWeights) { expect_the_same_weights(); }

TEST_F(TrainingBackendTest, BackendsTrainClassesToTheSameWeights) {
  label_by_place(dataset_);
  options_.condition = Condition::kClass;
  options_.label_dropout = 0.25;
  options_.kl_weight = 0.3;
  options_.classify_weight = 0.2;
  for (const auto how : {nets::ClassCondition::kFilm, nets::ClassCondition::kProjection,
                         nets::ClassCondition::kLogits}) {
    SCOPED_TRACE(static_cast<int>(how));
    std::filesystem::remove_all(root_);
    architecture_ = nets::with_classes(
        {.name = "small",
         .input = {1, 8, 8},
         .layers = {nets::Conv2d{.out_channels = 6,
                                 .kernel_height = 3,
                                 .kernel_width = 3,
                                 .stride = 2,
                                 .padding = {1, 1, 1, 1}},
                    nets::Activation{}, nets::Flatten{}, nets::Linear{.out_features = 5},
                    nets::Activation{}, nets::Linear{.out_features = 1}}},
        4, how);
    expect_the_same_weights();
  }
}

TEST_F(TrainingBackendTest, RowsWithoutTheirLabelsAreRefused) {
  const training::TrainedNet net(
      nets::with_classes(architecture_, 3, nets::ClassCondition::kProjection), 1);
  const auto evaluated = training_backend(options_)(net, ChainDynamics{});
  const std::vector<float> x(static_cast<std::size_t>(40 * architecture_.input.size()));
  const std::vector<float> too_few(39);
  const auto code_of = [](const auto& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  for (const nets::Rows& rows : {nets::Rows(x), nets::Rows(x, too_few)}) {
    EXPECT_EQ(code_of([&] { evaluated->energy_gradients(rows); }), ErrorCode::kShape);
    EXPECT_EQ(code_of([&] {
                evaluated->weight_gradient(rows, [](std::int64_t, float) { return 1.0f; });
              }),
              ErrorCode::kShape);
    EXPECT_EQ(code_of([&] {
                evaluated->mixed_gradient(
                    rows, [](std::int64_t, std::span<const float>, std::span<float>) {});
              }),
              ErrorCode::kShape);
  }
}

TEST_F(TrainingBackendTest, BackendsTiltABaseToTheSameWeights) {
  options_.clamp_energy_grad = 0.0;
  options_.step_size = 0.01;
  options_.base = "gaussian";
  std::vector<double> covariance(64 * 64);
  for (std::size_t i = 0; i < 64; ++i) covariance[i * 65] = 1.0;
  base_ = {std::make_shared<samplers::Gaussian>(
               samplers::Gaussian::with_covariance(std::vector<float>(64), covariance)),
           {.tensors = {}, .metadata = {{"of", "N(0, I)"}}}};
  expect_the_same_weights();
}

}  // namespace
}  // namespace ebm::torch_nets
