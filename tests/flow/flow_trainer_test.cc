#include "flow/flow_trainer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>
#include <string>

#include "base/atomic_file.h"
#include "flow/flow_in_training.h"
#include "flow/flow_model.h"
#include "flow/flow_score.h"
#include "nets/files/safetensors.h"
#include "tests/flow/example_flows.h"
#include "tests/nets/expect_error.h"
#include "tests/training/interrupt_iterations.h"
#include "training/training_loop.h"

namespace ebm::flow {
namespace {
namespace fs = std::filesystem;

/// Points of N((2, −1), 0.25·I).
data::Dataset points() {
  const auto rows = 0.5 * normal_rows(500, 2) + torch::tensor({2.0f, -1.0f});
  const auto values = rows.contiguous();
  return {.name = "points",
          .n = 500,
          .shape = {2, 1, 1},
          .values = std::vector<float>(values.data_ptr<float>(), values.data_ptr<float>() + 1000),
          .labels = {},
          .class_names = {},
          .is_image = false};
}

/// 4x4 images of grey levels around 100.
data::Dataset images() {
  const auto rows = (100.0 + 20.0 * normal_rows(200, 16)).round().clamp(0, 255);
  std::vector<std::uint8_t> levels;
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    levels.push_back(static_cast<std::uint8_t>(rows.flatten()[i].item<float>()));
  }
  return {.name = "images",
          .n = 200,
          .shape = {1, 4, 4},
          .values = std::move(levels),
          .labels = {},
          .class_names = {}};
}

/// Records a run.
struct Recorder : training::TrainObserver {
  std::map<std::int64_t, std::vector<double>> rows;
  std::map<std::int64_t, std::vector<float>> samples;
  std::atomic<int> stop{0};
  std::int64_t stop_at = -1;
  std::vector<const char*> names{"loss", "log_det", "grad_norm", "learning_rate", "lipschitz"};

  void on_start(std::int64_t iteration) override {
    rows.erase(rows.upper_bound(iteration), rows.end());
  }
  void on_iteration(const training::TrainStats& stats) override {
    if (stats.iteration == stop_at) stop = 2;
  }
  void on_log(const training::TrainStats& stats) override {
    std::vector<double> row;
    for (const char* name : names) row.push_back(stats.value(name));
    rows[stats.iteration] = row;
  }
  void on_energies(std::int64_t iteration, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    EXPECT_TRUE(of_samples.empty());
    double sum = 0.0;
    for (const float energy : of_data) sum += double{energy} / static_cast<double>(of_data.size());
    EXPECT_GT(std::abs(sum), 0.0) << iteration;
  }
  void on_samples(std::int64_t iteration, const training::ShownSamples& made) override {
    EXPECT_EQ(made.from, "flow");
    samples[iteration].assign(made.rows.begin(), made.rows.end());
  }
  void on_warning(const std::string& line) override { ADD_FAILURE() << line; }
};

class FlowTrainerTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(root_);
    options_.iterations = 9;
    options_.log_every = 1;
    options_.sample_every = 3;
    options_.checkpoint_every = 3;
    options_.blocks = 2;
    options_.hidden = 8;
    options_.threads = 2;
    options_.seed = 7;
  }
  void TearDown() override { fs::remove_all(root_); }

  void resolve(const data::Dataset& dataset) {
    training::ConfigTable table = options_.table();
    for (const char* word : {"blocks=2", "hidden=8", "activation=elu"}) table.assign(word);
    options_.resolve(dataset, table);
  }

  /// Trains in root/name, resuming if asked; the bytes of the model.
  std::string train(const data::Dataset& dataset, const std::string& name, Recorder& recorder,
                    bool resume = false) {
    const training::RunFolder folder(root_ / name);
    FlowTrainer trainer(options_, dataset);
    training::TrainingLoop loop(options_.loop(), folder, recorder, trainer);
    if (resume) loop.resume();
    recorder.stop = 0;
    loop.run(recorder.stop);
    return base::read_file(folder.model());
  }

  fs::path root_;
  FlowOptions options_;
};

TEST(FlowOptionsTest, PointsHaveDefaultsOfTheirOwn) {
  const auto resolved = [](const data::Dataset& dataset, const char* word) {
    FlowOptions options;
    training::ConfigTable table = options.table();
    table.assign(word);
    options.resolve(dataset, table);
    return options;
  };
  const FlowOptions of_images = resolved(images(), "seed=1"),
                    of_points = resolved(points(), "seed=1");
  EXPECT_EQ(of_images.learning_rate, 3e-3);
  EXPECT_EQ(of_images.coefficient, 0.95);
  EXPECT_EQ(of_images.logit, 1e-6);
  EXPECT_EQ(of_points.learning_rate, 1e-3);
  EXPECT_EQ(of_points.coefficient, 0.9);
  EXPECT_EQ(of_points.logit, 0.0);
  EXPECT_EQ(resolved(points(), "learning_rate=0.02").learning_rate, 0.02);
  EXPECT_EQ(resolved(points(), "coefficient=0.7").coefficient, 0.7);
}

TEST(FlowOptionsTest, ACoordinateThatNeverChangesIsRefused) {
  FlowOptions options;
  data::Dataset dataset = points();
  options.resolve(dataset, options.table());
  EXPECT_NO_THROW(options.architecture(dataset));
  auto& values = std::get<std::vector<float>>(dataset.values);
  for (std::size_t i = 1; i < values.size(); i += 2) values[i] = 0.25f;
  nets::expect_error(ErrorCode::kBadData,
                     "points: coordinate 1 is 0.25 in all 500 items, where a flow has no density",
                     [&] { options.architecture(dataset); });
  options.data_noise = 0.1;
  EXPECT_NO_THROW(options.architecture(dataset));
}

TEST_F(FlowTrainerTest, ACheckpointMayHaveBlocksWithoutAnInverse) {
  const ResidualFlow steep = bent_plane();
  {
    const torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < steep.names().size(); ++i) {
      if (steep.names()[i].ends_with("weight")) steep.tensors()[i].mul_(10.0);
    }
  }
  const nets::SafetensorsFile file = flow_file(steep, "points");
  nets::expect_error(ErrorCode::kBadData, "has the Lipschitz constant",
                     [&] { flow_of(file, "steep"); });
  ResidualFlow restored = bent_plane();
  restore_flow({{"weights.safetensors", nets::safetensors_bytes(file)}}, "weights.safetensors",
               "checkpoint", restored);
  EXPECT_EQ(restored.to_tensor_data(), steep.to_tensor_data());
}

TEST_F(FlowTrainerTest, AnInterruptedIterationIsUndone) {
  const data::Dataset dataset = points();
  options_.batch_size = 128;
  resolve(dataset);
  FlowTrainer trainer(options_, dataset);
  trainer.prepare();
  for (int i = 0; i < 2; ++i) ASSERT_FALSE(trainer.iterate());
  Recorder recorder;
  training::expect_that_iterations_are_undone(trainer, recorder);
}

TEST_F(FlowTrainerTest, ASteepFlowThatIsWrittenCanBeRead) {
  const data::Dataset dataset = images();
  resolve(dataset);
  options_.coefficient = 0.99;
  options_.learning_rate = 0.3;  // singular vectors turn faster than a step's iterations follow
  options_.ema_decay = 0.0;
  Recorder recorder;
  train(dataset, "steep", recorder);
  const std::string path = training::RunFolder(root_ / "steep").model().string();
  const ResidualFlow flow = flow_of(nets::read_safetensors(path), path);
  for (const double constant : flow.lipschitz_constants(1000)) {
    EXPECT_LT(constant, 0.99 * 0.99 * 0.99 * 1.001);
    EXPECT_GT(constant, 0.5);  // it is at its bound, or near
  }
}

TEST_F(FlowTrainerTest, TheFileOfAStopIsThatOfAnEndToThreeDigits) {
  const data::Dataset dataset = images();
  resolve(dataset);
  options_.coefficient = 0.99;
  options_.learning_rate = 0.1;
  options_.ema_decay = 0.5;
  FlowTrainer trainer(options_, dataset);
  trainer.prepare();
  for (int i = 0; i < 9; ++i) ASSERT_FALSE(trainer.iterate());
  const ResidualFlow at_end = flow_of(trainer.model(), "end"),
                     at_stop = flow_of(trainer.model_at_stop(), "stop");
  for (const double constant : at_stop.lipschitz_constants(1000)) {
    EXPECT_LT(constant, 0.99 * 0.99 * 0.99 * 1.001);
  }
  for (std::size_t i = 0; i < at_end.tensors().size(); ++i) {
    const auto difference = (at_end.tensors()[i] - at_stop.tensors()[i]).norm().item<double>();
    EXPECT_LE(difference, 1e-3 * at_end.tensors()[i].norm().item<double>()) << at_end.names()[i];
  }
}

TEST_F(FlowTrainerTest, BitsDoNotDependOnThreads) {
  const data::Dataset dataset = images();
  resolve(dataset);
  EXPECT_EQ(options_.squeezes, 2);
  options_.threads = 1;
  Recorder reference;
  const std::string model = train(dataset, "1", reference);
  ASSERT_EQ(reference.rows.size(), 9u);
  ASSERT_EQ(reference.samples.size(), 3u);
  for (const std::int64_t threads : {2, 3}) {
    options_.threads = threads;
    Recorder recorder;
    EXPECT_EQ(train(dataset, std::to_string(threads), recorder), model);
    EXPECT_EQ(recorder.rows, reference.rows);
    EXPECT_EQ(recorder.samples, reference.samples);
  }
}

TEST_F(FlowTrainerTest, InterruptedAnywhereAndResumedEndsTheSame) {
  const data::Dataset dataset = images();
  resolve(dataset);
  Recorder reference;
  const std::string model = train(dataset, "whole", reference);
  for (const std::int64_t stop_at : {1, 3, 5}) {
    Recorder recorder;
    recorder.stop_at = stop_at;
    const std::string name = std::to_string(stop_at);
    train(dataset, name, recorder);
    EXPECT_EQ(train(dataset, name, recorder, true), model);
    EXPECT_EQ(recorder.rows, reference.rows);
    for (const char* file :
         {"weights.safetensors", "norm_vectors.safetensors", "optimizer.safetensors"}) {
      EXPECT_EQ(base::read_file(root_ / name / "checkpoints/000009" / file),
                base::read_file(root_ / "whole/checkpoints/000009" / file))
          << file;
    }
  }
}

TEST_F(FlowTrainerTest, LearnsTheDensityOfAGaussian) {
  const data::Dataset dataset = points();
  resolve(dataset);
  options_.iterations = 300;
  options_.learning_rate = 5e-3;
  options_.ema_decay = 0.95;
  options_.log_every = options_.checkpoint_every = options_.sample_every = 300;
  FlowTrainer trainer(options_, dataset);
  trainer.prepare();
  for (int i = 0; i < 300; ++i) ASSERT_EQ(trainer.iterate(), std::nullopt);
  // The entropy of the data: ln(2πe·0.25) = 1.4516 nats. 2000 new points have a mean −ln p of the
  // true density within 4/√2000 = 0.09 of it; below it by more is impossible, above it is unlearnt.
  const auto fresh = 0.5 * normal_rows(2000, 2, 1) + torch::tensor({2.0f, -1.0f});
  const auto rows = fresh.contiguous();
  const std::atomic<int> never{0};
  const auto log_p = *log_densities(trainer.average().frozen(torch::kFloat32),
                                    std::span<const float>(rows.data_ptr<float>(), 4000),
                                    {.log_det = LogDet::kExact}, never);
  double mean = 0.0;
  for (const double each : log_p) mean -= each / 2000.0;
  const double entropy = std::log(2.0 * std::numbers::pi * std::numbers::e * 0.25);
  EXPECT_NEAR(mean, entropy, 0.09);
}

TEST_F(FlowTrainerTest, BitsAreThoseOfTheLoss) {
  const data::Dataset dataset = images();
  resolve(dataset);
  Recorder recorder;
  recorder.names = {"loss", "bits_per_dim"};
  train(dataset, "a", recorder);
  for (const auto& [iteration, row] : recorder.rows) {
    EXPECT_NEAR(row[1], row[0] / std::numbers::ln2 + 7.0, 1e-12);
  }
}

TEST_F(FlowTrainerTest, RowsAreAppliedToTheDataAtHand) {
  resolve(points());
  options_.squeezes = 1;
  nets::expect_error(ErrorCode::kUsage, "squeezes = 1", [&] { FlowTrainer(options_, points()); });
  options_.squeezes = 0;
  options_.coefficient = 1.5;
  nets::expect_error(ErrorCode::kUsage, "coefficient = 1.5",
                     [&] { FlowTrainer(options_, points()); });
}

}  // namespace
}  // namespace ebm::flow
