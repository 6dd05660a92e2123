#include "ebm/objectives/denoising_score_matching.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "ebm/compiled_backend.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/ebm/trainer_case.h"

namespace ebm {
namespace {

constexpr double kMean[2] = {0.5, -0.3};
constexpr double kSd = 0.6;
constexpr std::size_t kItems = 60000;

/// Draws of N(m, s²I) in two dimensions.
data::Dataset gaussian_data() {
  data::Dataset dataset;
  dataset.name = "gaussian";
  dataset.n = kItems;
  dataset.shape = {2, 1, 1};
  dataset.is_image = false;
  base::RandomStream random({.seed = 21}, 0);
  std::vector<float> values;
  for (std::size_t i = 0; i < 2 * kItems; ++i) {
    values.push_back(static_cast<float>(kMean[i % 2] + kSd * random.next_normal()));
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

class DenoisingScoreMatchingTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    options_ = {};
    options_.objective = ObjectiveKind::kDenoisingScoreMatching;
    options_.net = "mlp-silu";
    options_.iterations = 3000;
    options_.batch_size = 256;
    options_.learning_rate = 4e-3;
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
  /// Trains, and compares the loss at levels σ of the averaged network with ½·d·s²/(s² + σ²): on
  /// the same draws as that of E = ‖x − m‖²/(2(s² + σ²)), whose mean is this.
  void expect_least_loss(const std::vector<double>& sigmas, double limit) {
    resolve();
    LossesOfRun recorder;
    train("run", recorder);
    training::TrainedNet net(architecture_, 0);
    const std::string file = (root_ / "run/model.safetensors").string();
    net.restore(nets::read_model(root_ / "run", [](const std::string&) {}).weights, file);
    const auto evaluated =
        compiled_backend(architecture_, nets::Precision::kFloat32, "net", 2)(net, {});
    constexpr std::size_t kRows = 20000;
    base::RandomStream random({.seed = 22}, 0);
    for (const double sigma : sigmas) {
      SCOPED_TRACE(sigma);
      std::vector<float> noisy, normals;
      double exact = 0.0, squares = 0.0;
      for (std::size_t i = 0; i < 2 * kRows; ++i) {
        const double z = random.next_normal();
        const double x = kMean[i % 2] + kSd * random.next_normal() + sigma * z;
        normals.push_back(static_cast<float>(z));
        noisy.push_back(static_cast<float>(x));
        const double residual = sigma * (x - kMean[i % 2]) / (kSd * kSd + sigma * sigma) - z;
        exact += 0.5 * residual * residual / kRows;
        squares += 0.25 * std::pow(residual, 4) / kRows;
      }
      const std::vector<float> levels(kRows, static_cast<float>(sigma));
      const bool reads_level = architecture_.noise_level;
      const double found = denoising_score_matching(*evaluated,
                                                    {noisy, normals, levels,
                                                     reads_level ? std::span<const float>(levels)
                                                                 : std::span<const float>()},
                                                    options_.data_sd)
                               .loss;
      const double least = kSd * kSd / (kSd * kSd + sigma * sigma);  // d = 2
      EXPECT_NEAR(exact, least, 4.0 * std::sqrt(squares / kRows));
      EXPECT_NEAR(found - exact, 0.0, limit);
    }
  }

  std::vector<std::string> keys_;
};

TEST_F(DenoisingScoreMatchingTest, ReachesTheLeastLossOfAGaussianAtOneLevel) {
  keys_ = {"noise_sd=0.5"};
  expect_least_loss({0.5}, 1e-3);
}

TEST_F(DenoisingScoreMatchingTest, ReachesTheLeastLossOfAGaussianAtManyLevels) {
  keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
  architecture_ = nets::with_noise_level(architecture_);
  expect_least_loss({0.12, 0.3, 0.6, 1.0, 1.8}, 1e-3);
}

TEST_F(DenoisingScoreMatchingTest, BitsDependNeitherOnThreadsNorOnWhereARunWasCut) {
  options_.iterations = 30;
  options_.checkpoint_every = 10;
  options_.log_every = 1;
  keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
  architecture_ = nets::with_noise_level(architecture_);
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

/// The message of options that are refused.
std::string refusal(const std::vector<std::string>& keys) {
  TrainOptions options;
  training::ConfigTable table = options.table();
  table.assign("objective=dsm");
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

TEST(DenoisingScoreMatchingOptionsTest, LevelsThatMakeNoSenseAreRefused) {
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({"noise_sd=0.5"}), "");
  EXPECT_EQ(refusal({"noise_sd_min=1", "noise_sd_max=1"}),
            "noise_sd_min = 1: must be above 0 and below noise_sd_max, 1");
  EXPECT_EQ(refusal({"noise_sd_max=0.01"}),
            "noise_sd_min = 0.02: must be above 0 and below noise_sd_max, 0.01");
  EXPECT_EQ(refusal({"noise_sd_min=0"}),
            "noise_sd_min = 0: must be above 0 and below noise_sd_max, 10");
  EXPECT_EQ(refusal({"noise_sd_min=0", "noise_sd_max=0"}),
            "objective = dsm: needs noise_sd, or noise_sd_min and noise_sd_max");
  EXPECT_EQ(refusal({"noise_sd=1", "noise_sd_max=2"}),
            "noise_sd = 1: must be 0 with noise_sd_min and noise_sd_max");
  EXPECT_EQ(refusal({"noise_sd=1", "data_sd=2"}), "data_sd = 2: must be 0 with noise_sd");
  EXPECT_TRUE(refusal({"noise_sd=-1"}).starts_with("noise_sd = -1"));
  EXPECT_EQ(refusal({"noise_sd_max=1"}), "");
}

TEST_F(DenoisingScoreMatchingTest, NetworksThatDoNotFitAreRefused) {
  const auto message = [&](const nets::Architecture& net) {
    resolve();
    try {
      Trainer(options_, net, dataset_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return std::string(error.what());
    }
    return std::string();
  };
  keys_ = {"noise_sd_min=0.1", "noise_sd_max=2"};
  const auto expect = [](const std::string& found, const std::string& part) {
    EXPECT_NE(found.find(part), std::string::npos) << found;
  };
  expect(message(architecture_),
         "net = mlp-silu: reads no noise level, which objective = dsm needs");
  expect(message(nets::with_noise_level(nets::preset("mlp", {2, 1, 1}))),
         "objective = dsm: needs a network without kinks");
}

}  // namespace
}  // namespace ebm
