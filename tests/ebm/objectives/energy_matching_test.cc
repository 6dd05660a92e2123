#include "ebm/objectives/energy_matching.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "ebm/objective_draws.h"
#include "ebm/transport_pairs.h"
#include "nets/files/model.h"
#include "samplers/kernels/gradient_flow.h"
#include "tests/ebm/objectives/bowl.h"
#include "tests/ebm/trainer_case.h"

namespace ebm {
namespace {

/// Loss and ∂L/∂k of a bowl, of data N(0, s²I).
struct BowlStep {
  double loss, gradient;
};
BowlStep bowl_step(double k, double s) {
  constexpr std::int64_t kDim = 50;
  constexpr std::size_t kRows = 20'000;
  TrainOptions options;
  options.batch_size = kRows;
  Batch batch;
  draw_for_objective({.normals = 2}, options, {}, kDim, batch);
  const auto half = batch.normals.begin() + std::ssize(batch.normals) / 2;
  std::vector<float> noise(batch.normals.begin(), half), data(half, batch.normals.end());
  // Second moments as they should be, and each pair at t and 1 − t, so that only the mean of x_t²
  // is left to chance: ±0.02 %.
  scale_to(1.0, noise);
  const double common = mean_product(noise, data);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] -= static_cast<float>(common) * noise[i];
  scale_to(s * s, data);
  for (std::vector<float>* each : {&noise, &data}) {
    each->reserve(2 * each->size());
    each->insert(each->end(), each->begin(), each->end());
  }
  std::vector<float> times(2 * kRows);
  for (std::size_t i = 0; i < kRows; ++i) {
    times[i] = (static_cast<float>(i) + 0.5f) / kRows;
    times[kRows + i] = 1.0f - times[i];
  }
  const ObjectiveStep step = energy_matching(Bowl(k, kDim), data, noise, times);
  return {step.loss, double{step.gradient[0][0]}};
}

TEST(EnergyMatchingTest, OfAGaussianHasItsOptimumWhereTheRegressionHas) {
  // Of k·x_t on x₀ − x₁, with E[x_t·(x₁ − x₀)] = ∫ (t·s² − (1 − t)) dt = (s² − 1)/2 and E[x_t²] =
  // ∫ (t²s² + (1 − t)²) dt = (s² + 1)/3 for each coordinate:
  //   k = (3/2)·(1 − s²)/(1 + s²),  L(k) = 1 + s² − (3/4)·(1 − s²)²/(1 + s²).
  for (const double s : {0.5, 0.8}) {
    const double at_0 = bowl_step(0.0, s).gradient, at_1 = bowl_step(1.0, s).gradient;
    const double k = at_0 / (at_0 - at_1);  // the loss is a parabola in k
    const double wanted = 1.5 * (1.0 - s * s) / (1.0 + s * s);
    EXPECT_NEAR(k, wanted, 1e-3) << s;
    const double least = 1.0 + s * s - 0.75 * (1.0 - s * s) * (1.0 - s * s) / (1.0 + s * s);
    EXPECT_NEAR(bowl_step(wanted, s).loss, least, 1e-3) << s;
  }
}

TEST(EnergyMatchingTest, PairsOfOptimalTransportAreTheCheapest) {
  // In one dimension sorted rows go together.
  const std::vector<float> from = {3.0f, -1.0f, 0.5f, 2.0f}, to = {0.0f, 10.0f, -5.0f, 1.0f};
  EXPECT_EQ(transport_pairs(from, to, 1), (std::vector<std::int64_t>{1, 2, 0, 3}));
  // In the plane, against all 5040 ways.
  std::vector<float> a(14), b(14);
  for (std::size_t i = 0; i < 14; ++i) {
    a[i] = std::sin(1.3f * static_cast<float>(i));
    b[i] = std::cos(2.9f * static_cast<float>(i));
  }
  const auto cost_of = [&](const std::vector<std::int64_t>& pairs) {
    double cost = 0.0;
    for (std::size_t i = 0; i < 7; ++i) {
      for (std::size_t d = 0; d < 2; ++d) {
        const double gap =
            double{a[2 * i + d]} - double{b[2 * static_cast<std::size_t>(pairs[i]) + d]};
        cost += gap * gap;
      }
    }
    return cost;
  };
  std::vector<std::int64_t> order = {0, 1, 2, 3, 4, 5, 6};
  double least = INFINITY;
  do least = std::min(least, cost_of(order));
  while (std::ranges::next_permutation(order).found);
  EXPECT_NEAR(cost_of(transport_pairs(a, b, 2)), least, 1e-9);
}

/// Records the rows of runs, which have no negatives unless it says so.
struct RowRecorder : Recorder {
  bool has_negatives = false;
  void on_log(const training::TrainStats& s) override {
    auto& row = rows[s.iteration];
    row.clear();
    for (const char* name : {"energy_data", "energy_noise", "loss", "grad_norm"}) {
      row.push_back(s.value(name));
    }
    if (has_negatives) {
      const double energy = s.value("energy_samples");
      return row.push_back(std::isnan(energy) ? 0.0 : energy);
    }
    EXPECT_THROW(s.value("energy_samples"), Error);
  }
  void on_energies(std::int64_t /*iteration*/, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    EXPECT_FALSE(of_data.empty());
    EXPECT_TRUE(has_negatives || of_samples.empty());
  }
};

class EnergyMatchingTrainerTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    train_by(ObjectiveKind::kEnergyMatching);
    training::ConfigTable table = options_.table();
    table.assign("sample_steps=4");
    table.assign("step_size=0.4");
    table.assign("learning_rate=0.01");
    table.assign("lr_schedule=constant");
    options_.resolve(true, table);
  }
  std::string trained(const std::string& name, RowRecorder& recorder, bool resume = false) {
    const training::RunFolder folder(root_ / name);
    Trainer trainer(options_, architecture_, dataset_, {});
    training::TrainingLoop loop(options_.loop(), folder, recorder, trainer);
    if (resume) loop.resume();
    recorder.stop = 0;
    end_ = loop.run(recorder.stop);
    return base::read_file(folder.model());
  }
  std::string refusal() {
    try {
      Trainer(options_, architecture_, dataset_, {});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  }
};

TEST_F(EnergyMatchingTrainerTest, BitsDependOnNeitherThreadsNorCuts) {
  options_.batch_size = 90;
  for (const std::string kind : {"plain", "optimal", "contrast"}) {
    SCOPED_TRACE(kind);
    options_.optimal_pairs = kind == "optimal";
    options_.contrast_weight = kind == "contrast" ? 0.5 : 0.0;
    options_.contrast_start = kind == "contrast" ? 0.5 : TrainOptions().contrast_start;
    options_.noise_scale = 0.05;
    const auto recorder = [&] {
      auto made = std::make_unique<RowRecorder>();
      made->has_negatives = kind == "contrast";
      return made;
    };
    options_.threads = 1;
    const auto whole = recorder();
    const std::string model = trained("whole-" + kind, *whole);
    EXPECT_EQ(whole->rows.size(), 12u);
    if (kind == "contrast") {  // from the seventh iteration on
      EXPECT_EQ(whole->rows.at(6)[4], 0.0);
      EXPECT_NE(whole->rows.at(7)[4], 0.0);
    }
    for (const std::int64_t threads : {2, 3, 7}) {
      options_.threads = threads;
      const auto other = recorder();
      EXPECT_EQ(trained(std::to_string(threads) + kind, *other), model) << threads;
      EXPECT_EQ(other->rows, whole->rows);
      EXPECT_EQ(other->samples, whole->samples);
    }
    const auto parts = recorder();
    parts->stop_at = 8;
    trained("parts-" + kind, *parts);
    EXPECT_EQ(trained("parts-" + kind, *parts, true), model);
    EXPECT_EQ(parts->rows, whole->rows);
  }
}

TEST_F(EnergyMatchingTrainerTest, LearnsAndItsFileSaysHowToSample) {
  options_.iterations = 200;
  options_.sample_every = 200;
  RowRecorder recorder;
  trained("run", recorder);
  // At first near E‖x₁ − x₀‖²/d = 1 + E[x₁²]; noise and squares are easy to tell apart.
  EXPECT_LT(recorder.rows.at(200)[2], 0.85 * recorder.rows.at(1)[2]);
  EXPECT_LT(recorder.rows.at(200)[0], recorder.rows.at(200)[1]);
  const nets::Model model = nets::read_model(root_ / "run", {});
  EXPECT_EQ(model.recipe.sampler, samplers::SamplerKind::kGradientFlow);
  EXPECT_EQ(model.recipe.start_sd, 1.0f);
  EXPECT_EQ(model.recipe.n_steps, 4);
  EXPECT_EQ(model.recipe.langevin.step_size, 0.4f);
  // Pictures are drawn by that: four steps, of which three and a half follow the flow.
  for (const float x : recorder.samples.at(200)) EXPECT_LE(std::abs(x), 1.0f);
}

TEST_F(EnergyMatchingTrainerTest, KeepsItsRecipeBesideAClassifier) {
  label_by_place(dataset_);
  options_.condition = Condition::kClass;
  options_.classify_weight = 0.1;
  architecture_.classes = 4;
  architecture_.layers.insert(architecture_.layers.begin() + 1, nets::Film{});
  options_.iterations = 2;
  RowRecorder recorder;
  trained("run", recorder);
  const nets::SamplerRecipe recipe = nets::read_model(root_ / "run", {}).recipe;
  EXPECT_EQ(recipe.sampler, samplers::SamplerKind::kGradientFlow);
  EXPECT_EQ(recipe.start_sd, 1.0f);
}

TEST_F(EnergyMatchingTrainerTest, ScalesPresetsOfImagesAlone) {
  const auto scale_with = [](bool is_image, const std::string& net) {
    TrainOptions options;
    training::ConfigTable table = options.table();
    table.assign("objective=energy-matching");
    if (!net.empty()) table.assign("net=" + net);
    options.resolve(is_image, table);
    return options.energy_scale;
  };
  EXPECT_EQ(scale_with(true, ""), 30.0);
  EXPECT_EQ(scale_with(true, "own.toml"), 1.0);
  EXPECT_EQ(scale_with(false, "mlp-silu"), 1.0);
}

TEST_F(EnergyMatchingTrainerTest, RefusesWhatItCannotTrain) {
  options_.optimal_pairs = true;
  options_.batch_size = 1;
  EXPECT_EQ(refusal(), "batch_size = 1: must be at least 2 for pairs to differ");
  options_.batch_size = 40;
  options_.contrast_weight = 0.5;
  EXPECT_EQ(refusal(),
            "noise_scale = 0: must be above 0 with contrast_weight > 0, whose chains have a "
            "temperature");
  options_.contrast_weight = 0.0;
  std::get<nets::Activation>(architecture_.layers[1].op) = {nets::ActivationKind::kLeakyRelu, 0.2};
  EXPECT_NE(refusal().find("objective = energy-matching"), std::string::npos) << refusal();
  options_.net = "some.toml";
  options_.energy_scale = 3.0;
  EXPECT_EQ(refusal(),
            "energy_scale = 3: must be 1, as some.toml has its own layers (type = \"scale\")");
}

}  // namespace
}  // namespace ebm
