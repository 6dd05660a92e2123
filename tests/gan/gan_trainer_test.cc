#include "gan/gan_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/random.h"
#include "gan/generator_sampler.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/spectral_norms.h"
#include "samplers/initial_states.h"
#include "tests/training/interrupt_iterations.h"
#include "torch_nets/libtorch.h"
#include "training/training_loop.h"

namespace ebm::gan {
namespace {
namespace fs = std::filesystem;

/// 500 points of N((2, −1), 0.25·I).
data::Dataset points() {
  data::Dataset dataset;
  dataset.name = "points";
  dataset.n = 500;
  dataset.shape = {2, 1, 1};
  dataset.is_image = false;
  base::RandomStream random({.seed = 1, .domain = base::Domain::kToyData}, 0);
  std::vector<float> values;
  for (int i = 0; i < 500; ++i) {
    values.push_back(static_cast<float>(2.0 + 0.5 * random.next_normal()));
    values.push_back(static_cast<float>(-1.0 + 0.5 * random.next_normal()));
  }
  dataset.values = std::move(values);
  return dataset;
}

/// Records the rows of a run.
struct Recorder : training::TrainObserver {
  std::map<std::int64_t, std::vector<double>> rows;
  std::map<std::int64_t, std::vector<float>> samples;
  std::vector<std::string> warnings;
  std::atomic<int> stop{0};
  std::int64_t stop_at = -1;

  void on_start(std::int64_t iteration) override {
    rows.erase(rows.upper_bound(iteration), rows.end());
  }
  void on_iteration(const training::TrainStats& stats) override {
    if (stats.iteration == stop_at) stop = 2;
  }
  void on_log(const training::TrainStats& stats) override {
    std::vector<double> row;
    for (const char* name : {"energy_data", "energy_samples", "loss", "generator_loss", "grad_norm",
                             "generator_grad_norm", "learning_rate"}) {
      row.push_back(stats.value(name));
    }
    rows[stats.iteration] = row;
  }
  void on_energies(std::int64_t iteration, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    for (const auto& [energies, column] : {std::pair(of_data, 0), std::pair(of_samples, 1)}) {
      double sum = 0.0;
      for (const float e : energies) sum += e;
      EXPECT_NEAR(sum / static_cast<double>(energies.size()),
                  rows.at(iteration)[static_cast<std::size_t>(column)], 1e-5);
    }
  }
  void on_samples(std::int64_t iteration, const training::ShownSamples& made) override {
    EXPECT_EQ(made.from, "generator");
    samples[iteration].assign(made.rows.begin(), made.rows.end());
  }
  void on_warning(const std::string& line) override { warnings.push_back(line); }
};

class GanTrainerTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(root_);
    options_.iterations = 12;
    options_.log_every = 1;
    options_.sample_every = 4;
    options_.checkpoint_every = 4;
    options_.latent_dim = 3;
    options_.threads = 2;
    options_.seed = 7;
    options_.resolve(dataset_, options_.table());
  }
  void TearDown() override { fs::remove_all(root_); }

  nets::Architecture critic() const {
    const nets::Architecture net = nets::preset("mlp", {2, 1, 1});
    return options_.spectral_norm == SpectralNorm::kForward ? nets::with_spectral_norms(net) : net;
  }

  /// A batch norm in the middle, so that batches matter.
  nets::Architecture generator() const {
    return {.name = "g",
            .input = {options_.latent_dim, 1, 1},
            .layers = {nets::Linear{.out_features = 16}, nets::BatchNorm{},
                       nets::Activation{nets::ActivationKind::kRelu, 0.0},
                       nets::Linear{.out_features = 2}}};
  }

  /// Trains in root/name, resuming if asked; the bytes of the model.
  std::string train(const std::string& name, Recorder& recorder, bool resume = false) {
    const training::RunFolder folder(root_ / name);
    GanTrainer trainer(options_, generator(), critic(), dataset_);
    training::TrainingLoop loop(options_.loop(), folder, recorder, trainer);
    if (resume) loop.resume();
    recorder.stop = 0;
    loop.run(recorder.stop);
    return base::read_file(folder.model());
  }

  fs::path root_;
  GanOptions options_;
  data::Dataset dataset_ = points();
};

TEST_F(GanTrainerTest, BitsDoNotDependOnThreads) {
  for (const char* objective : {"ns", "wgan-gp", "gan-qp"}) {
    options_.table().assign(std::string("objective=") + objective);
    options_.spectral_norm =
        std::string(objective) == "wgan-gp" ? SpectralNorm::kOperator : SpectralNorm::kForward;
    options_.critic_steps = 2;
    options_.threads = 1;
    Recorder reference;
    const std::string model = train(std::string(objective) + "1", reference);
    ASSERT_EQ(reference.rows.size(), 12u);
    ASSERT_EQ(reference.samples.size(), 3u);
    for (const std::int64_t threads : {2, 3, 7}) {
      options_.threads = threads;
      Recorder recorder;
      EXPECT_EQ(train(objective + std::to_string(threads), recorder), model) << objective;
      EXPECT_EQ(recorder.rows, reference.rows);
      EXPECT_EQ(recorder.samples, reference.samples);
    }
  }
}

TEST_F(GanTrainerTest, AnInterruptedIterationIsUndone) {
  options_.critic_steps = 3;
  for (const char* setting : {"objective=ns", "objective=wgan-gp", "entropy_weight=0.1"}) {
    GanOptions options = options_;
    options.table().assign(setting);
    GanTrainer trainer(options, generator(), critic(), dataset_);
    trainer.prepare();
    for (int i = 0; i < 2; ++i) ASSERT_FALSE(trainer.iterate());
    Recorder recorder;
    SCOPED_TRACE(setting);
    training::expect_that_iterations_are_undone(trainer, recorder);
  }
}

TEST_F(GanTrainerTest, InterruptedAnywhereAndResumedEndsTheSame) {
  options_.objective = ObjectiveKind::kR1;
  Recorder reference;
  const std::string model = train("whole", reference);
  for (const std::int64_t stop_at : {1, 4, 7}) {
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = std::to_string(stop_at);
    train(name, recorder);
    options_.threads = stop_at;
    EXPECT_EQ(train(name, recorder, true), model);
    options_.threads = 2;
    EXPECT_EQ(recorder.rows, reference.rows);
    for (const char* file : {"weights.safetensors", "generator_optimizer.safetensors",
                             "critic_optimizer.safetensors"}) {
      EXPECT_EQ(base::read_file(root_ / name / "checkpoints/000012" / file),
                base::read_file(root_ / "whole/checkpoints/000012" / file))
          << file;
    }
  }
}

TEST_F(GanTrainerTest, WithAnEntropyItIsExactToo) {
  options_.objective = ObjectiveKind::kEnergy;
  options_.entropy_weight = 1.0;
  Recorder reference;
  const std::string model = train("whole", reference);
  options_.threads = 3;
  Recorder recorder;
  recorder.stop_at = 6;
  train("cut", recorder);
  EXPECT_EQ(train("cut", recorder, true), model);
  EXPECT_EQ(recorder.rows, reference.rows);
  for (const char* file : {"estimator.safetensors", "estimator_optimizer.safetensors"}) {
    EXPECT_EQ(base::read_file(root_ / "cut/checkpoints/000012" / file),
              base::read_file(root_ / "whole/checkpoints/000012" / file))
        << file;
  }
}

TEST_F(GanTrainerTest, LearnsWhereTheDataAre) {
  options_.objective = ObjectiveKind::kR1;
  options_.spectral_norm = SpectralNorm::kNone;
  options_.iterations = 600;
  options_.learning_rate = options_.critic_learning_rate = 2e-3;
  options_.ema_decay = 0.98;
  options_.log_every = options_.checkpoint_every = 600;
  options_.sample_every = 600;
  Recorder recorder;
  train("a", recorder);
  const auto& samples = recorder.samples.at(600);
  double mean[2] = {}, square[2] = {};
  const auto n = static_cast<double>(samples.size() / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    mean[i % 2] += samples[i] / n;
    square[i % 2] += samples[i] * samples[i] / n;
  }
  EXPECT_NEAR(mean[0], 2.0, 0.25);
  EXPECT_NEAR(mean[1], -1.0, 0.25);
  for (int d = 0; d < 2; ++d) EXPECT_NEAR(std::sqrt(square[d] - mean[d] * mean[d]), 0.5, 0.2);
}

TEST_F(GanTrainerTest, WeightsOfACriticAreClipped) {
  options_.objective = ObjectiveKind::kWgan;
  options_.spectral_norm = SpectralNorm::kNone;
  options_.clip = 0.05;
  Recorder recorder;
  train("a", recorder);
  const GanModel model = read_gan_model(root_ / "a", {});
  double largest = 0.0;
  for (const auto& [name, tensor] : model.critic_weights.tensors) {
    for (const float w : tensor.as_floats()) largest = std::max(largest, std::abs(double{w}));
  }
  EXPECT_FLOAT_EQ(static_cast<float>(largest), 0.05f);
}

TEST_F(GanTrainerTest, EvaluatesWithinTheBudgetOfImages) {
  options_.eval_budget = 0.5;
  options_.eval_n = 1000;
  options_.critic_steps = 2;
  options_.log_every = 3;
  // 1000 images are half of what 1000/(0.5·64·2) = 15.6 iterations make: 18, a multiple of 3.
  EXPECT_EQ(options_.evaluations().period, 18);
}

TEST_F(GanTrainerTest, ProjectionBoundsTheNormsOfTheCritic) {
  options_.spectral_norm = SpectralNorm::kProjection;
  options_.critic_learning_rate = 0.05;  // far beyond the bound in a few steps without it
  Recorder recorder;
  train("a", recorder);
  int n_weights = 0;
  for (const auto& [name, tensor] : read_gan_model(root_ / "a", {}).critic_weights.tensors) {
    if (!name.ends_with("weight")) continue;
    ++n_weights;
    const auto values = tensor.as_floats();
    const auto matrix = torch::tensor(std::vector<float>(values.begin(), values.end()))
                            .reshape({tensor.shape[0], -1});
    EXPECT_LT(torch::linalg_svdvals(matrix).max().item<double>(), 1.02) << name;
  }
  EXPECT_GT(n_weights, 0);
}

TEST_F(GanTrainerTest, RollsBackThreeTimesThenSavesAndStops) {
  options_.guard_grad_norm = 1e-6;
  options_.guard_patience = 2;
  Recorder recorder;
  EXPECT_THROW(train("a", recorder), Error);
  ASSERT_EQ(recorder.warnings.size(), 3u);
  EXPECT_NE(recorder.warnings[0].find("gradient norm"), std::string::npos);
  EXPECT_EQ(read_gan_model(root_ / "a/model.safetensors", {}).generator, generator());
}

TEST_F(GanTrainerTest, OtherShapesAreRefused) {
  EXPECT_THROW(
      GanTrainer(options_, nets::generator_preset("mlp", 3, {3, 1, 1}), critic(), dataset_), Error);
  EXPECT_THROW(GanTrainer(options_, generator(), nets::preset("mlp", {3, 1, 1}), dataset_), Error);
  options_.batch_size = 50;
  EXPECT_THROW(GanTrainer(options_, generator(), critic(), dataset_), Error);
}

}  // namespace
}  // namespace ebm::gan
