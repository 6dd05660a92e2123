#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "ebm/compiled_backend.h"
#include "nets/architecture/presets.h"
#include "tests/ebm/trainer_case.h"

namespace ebm {

/// Data N(m, s²I) in two dimensions.
inline constexpr double kGaussianMean[2] = {0.5, -0.3};
inline constexpr double kGaussianSd = 0.6;

inline data::Dataset gaussian_data() {
  constexpr std::size_t kItems = 600000;  // hardly one of which a run takes twice
  data::Dataset dataset;
  dataset.name = "gaussian";
  dataset.n = kItems;
  dataset.shape = {2, 1, 1};
  dataset.is_image = false;
  base::RandomStream random({.seed = 21}, 0);
  std::vector<float> values;
  for (std::size_t i = 0; i < 2 * kItems; ++i) {
    values.push_back(static_cast<float>(kGaussianMean[i % 2] + kGaussianSd * random.next_normal()));
  }
  dataset.values = std::move(values);
  return dataset;
}

/// Records the losses of a run without negatives.
struct LossesOfRun : Recorder {
  std::vector<double> losses;
  void on_log(const training::TrainStats& stats) override { losses.push_back(stats.value("loss")); }
  // Without the rows of energies of a run with negatives.
  void on_energies(std::int64_t /*iteration*/, std::span<const float> /*of_data*/,
                   std::span<const float> /*of_samples*/) override {}
};

/// Short runs of an objective that fits slopes of the energy, on that Gaussian.
class ScoreMatchingCase : public TrainerCase {
 protected:
  explicit ScoreMatchingCase(ObjectiveKind objective) : objective_(objective) {}
  void SetUp() override {
    TrainerCase::SetUp();
    options_ = {};
    options_.objective = objective_;
    options_.net = "mlp-silu";
    options_.iterations = 3000;
    options_.batch_size = 256;
    options_.learning_rate = 4e-3;
    options_.lr_final_fraction = 0.01;
    options_.ema_decay = 0.995;
    options_.sample_every = 0;
    options_.log_every = 500;
    options_.checkpoint_every = 1500;
    options_.threads = 2;
    options_.seed = 4;
    dataset_ = gaussian_data();
    architecture_ = nets::preset("mlp-silu", {2, 1, 1});
  }
  void resolve() {
    training::ConfigTable table = options_.table();
    for (const std::string& key : keys_) table.assign(key);
    options_.resolve(dataset_, table);
  }

  /// Trains; the averaged network. It lives as long as net_.
  std::unique_ptr<EvaluatedNet> trained() {
    resolve();
    LossesOfRun recorder;
    train("run", recorder);
    net_ = std::make_unique<training::TrainedNet>(architecture_, 0);
    const std::string file = (root_ / "run/model.safetensors").string();
    net_->restore(nets::read_model(root_ / "run", [](const std::string&) {}).weights, file);
    return compiled_backend(architecture_, nets::Precision::kFloat32, "net", 2)(*net_, {});
  }

  /// A run of 30 iterations has the same bits with 1, 3 and 7 threads, and cut in two.
  void expect_same_bits() {
    options_.iterations = 30;
    options_.checkpoint_every = 10;
    options_.log_every = 1;
    resolve();
    LossesOfRun whole;
    const std::string model = train("whole", whole);
    for (const int threads : {1, 3, 7}) {
      options_.threads = threads;
      LossesOfRun other;
      EXPECT_EQ(train("threads" + std::to_string(threads), other), model);
      EXPECT_EQ(other.losses, whole.losses);
    }
    LossesOfRun parts;
    parts.stop_at = 17;
    train("parts", parts);
    EXPECT_EQ(train("parts", parts, true), model);
  }

  /// The message by which a network is refused.
  std::string refusal_of(const nets::Architecture& net) {
    resolve();
    try {
      Trainer(options_, net, dataset_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  }

  std::vector<std::string> keys_;

 private:
  ObjectiveKind objective_;
  std::unique_ptr<training::TrainedNet> net_;
};

/// The message of options that are refused, for mlp-silu.
inline std::string refusal_of_keys(const std::string& objective,
                                   const std::vector<std::string>& keys) {
  TrainOptions options;
  training::ConfigTable table = options.table();
  table.assign("objective=" + objective);
  for (const std::string& key : keys) table.assign(key);
  try {
    // The program asks for this before it has read the data.
    EXPECT_EQ(options.torch_setting(), "");
    options.resolve(false, table);
    options.validate();
    objective_entry(options.objective)
        .make(options, false)
        ->require_fitting(nets::preset("mlp-silu", {2, 1, 1}));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "";
}

}  // namespace ebm
