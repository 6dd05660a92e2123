#include "training/base_measure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "nets/files/model_part.h"
#include "samplers/energies/gaussian.h"
#include "tests/ebm/trainer_case.h"
#include "tests/nets/expect_error.h"

namespace ebm {
namespace {

/// A slope tilts N(0, I) to N(m, I): p ∝ exp(−½|x|² − w·x/T) has the mean −w/T.
class BaseMeasureTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    std::vector<float> points;
    for (int i = 0; i < 64; ++i) {
      const float there = i % 2 == 0 ? 1.0f : -1.0f, across = i / 2 % 2 == 0 ? 1.0f : -1.0f;
      points.insert(points.end(), {kMean[0] + there, kMean[1] + across});
    }
    dataset_ = {.name = "points",
                .n = 64,
                .shape = {2, 1, 1},
                .values = std::move(points),
                .labels = {},
                .class_names = {},
                .is_image = false};
    architecture_ = {
        .name = "slope", .input = {2, 1, 1}, .layers = {nets::Linear{.out_features = 1}}};
    options_.clamp_energy_grad = 0;
    options_.energy_l2 = 0;
    base_ = measure_;
    options_.base = "gaussian";
  }

  static constexpr float kMean[2] = {1.0f, -0.5f};
  static std::shared_ptr<const samplers::Energy> gaussian(double variance) {
    const std::vector<double> covariance{variance, 0, 0, variance};
    return std::make_shared<samplers::Gaussian>(
        samplers::Gaussian::with_covariance({0.0f, 0.0f}, covariance));
  }
  const training::BaseMeasure measure_{
      gaussian(1.0),
      {.tensors = {{"mean", nets::TensorData::from_floats({2}, std::vector<float>{0, 0})}},
       .metadata = {{"of", "N(0, I)"}}}};
};

TEST_F(BaseMeasureTest, IsTiltedToTheMeanOfTheData) {
  options_.iterations = 600;
  options_.batch_size = 64;
  options_.steps = 10;
  options_.buffer_capacity = 512;
  options_.lr_decay_start = 200;
  options_.lr_decay_end = 600;
  options_.lr_final_fraction = 0.01;
  options_.log_every = options_.sample_every = options_.checkpoint_every = 600;
  for (const double temperature : {1.0, 0.25}) {
    const std::string name = std::to_string(temperature);
    // So that in units of w/T both runs do the same.
    options_.step_size = 0.2 / temperature;
    options_.learning_rate = 0.02 * temperature;
    options_.noise_scale = std::sqrt(0.4);
    Recorder recorder;
    train(name, recorder);
    ASSERT_TRUE(recorder.warnings.empty()) << recorder.warnings[0];
    const auto weights = nets::read_safetensors(training::RunFolder(root_ / name).model());
    // Named with the base measure's own.
    EXPECT_EQ(weights.tensor("base.mean"), measure_.file.tensor("mean"));
    const auto w = weights.tensor("0.weight").as_floats();
    ASSERT_EQ(w.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(w[i] / temperature, -kMean[i], 0.05) << "T = " << temperature;
    }
  }
}

TEST_F(BaseMeasureTest, InterruptedAndResumedEndsTheSameIfItIsTheSame) {
  options_.step_size = 0.2;
  options_.noise_scale = 0.5;
  Recorder whole, cut;
  const std::string model = train("whole", whole);
  cut.stop_at = 5;
  train("cut", cut);
  const training::BaseMeasure other{gaussian(2.0),
                                    {.tensors = {}, .metadata = {{"of", "N(0, 2I)"}}}};
  for (const std::optional<training::BaseMeasure>& wrong :
       {std::optional(other), std::optional<training::BaseMeasure>()}) {
    base_ = wrong;
    options_.base = wrong ? "other" : "";
    nets::expect_error(ErrorCode::kUsage, "the base measure of that run is another one",
                       [&] { train("cut", cut, true); });
  }
  base_ = measure_;
  options_.base = "gaussian";
  EXPECT_EQ(train("cut", cut, true), model);
  // Chains without it walk elsewhere.
  base_.reset();
  Recorder none;
  nets::expect_error(ErrorCode::kUsage, "the key and the base measure go together",
                     [&] { train("nothing", none); });
  options_.base = "";
  Recorder plain;
  train("plain", plain);
  EXPECT_NE(plain.samples, whole.samples);
}

TEST_F(BaseMeasureTest, OfAnotherDimIsRefused) {
  architecture_.input = {3, 1, 1};
  dataset_.shape = {3, 1, 1};
  dataset_.n = 40;
  Recorder recorder;
  nets::expect_error(ErrorCode::kShape, "base", [&] { train("a", recorder); });
}

TEST(ModelPart, IsTakenOutAsItWasPutIn) {
  const auto value = [](float x) {
    return nets::TensorData::from_floats({1}, std::vector<float>{x});
  };
  const nets::SafetensorsFile base{.tensors = {{"0.weight", value(1)}, {"bas", value(2)}},
                                   .metadata = {{"flow", "x"}, {"base.x", "y"}}};
  const nets::SafetensorsFile plain{
      .tensors = {{"0.weight", value(3)}, {"bas", value(4)}, {"c", value(5)}},
      .metadata = {{"sampler", "z"}, {"architecture", "w"}}};
  nets::SafetensorsFile model = plain;
  EXPECT_FALSE(nets::take_part("base", model));
  EXPECT_EQ(model, plain);
  nets::add_part("base", base, model);
  EXPECT_EQ(model.tensors.size(), 5u);
  EXPECT_EQ(nets::take_part("base", model), base);
  EXPECT_EQ(model, plain);
}

}  // namespace
}  // namespace ebm
