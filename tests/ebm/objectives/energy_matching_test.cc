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
#include "tests/ebm/trainer_case.h"

namespace ebm {
namespace {

/// E(x) = ½·k·‖x‖², with k as its only parameter.
class Bowl : public EvaluatedNet {
 public:
  Bowl(double k, std::int64_t dim) : k_(k) { net_.input = {dim, 1, 1}; }
  void update() override {}
  const nets::Architecture& architecture() const override { return net_; }
  WeightGradient weight_gradient(const nets::Rows& /*rows*/,
                                 const Coefficient& /*coefficient*/) const override {
    throw Error(ErrorCode::kInternal, "not asked for");
  }
  WeightGradient mixed_gradient(const nets::Rows& rows, const Direction& direction,
                                bool /*in_float32*/) const override {
    const auto dim = static_cast<std::size_t>(net_.input.channels);
    std::vector<float> grad(dim), v(dim);
    double sum = 0.0;
    for (std::size_t row = 0; row < rows.x.size() / dim; ++row) {
      const std::span x = rows.x.subspan(row * dim, dim);
      for (std::size_t i = 0; i < dim; ++i) grad[i] = static_cast<float>(k_ * double{x[i]});
      std::ranges::fill(v, 0.0f);
      direction(static_cast<std::int64_t>(row), grad, v);
      for (std::size_t i = 0; i < dim; ++i) sum += double{v[i]} * double{x[i]};
    }
    return {std::vector<float>(rows.x.size() / dim), {{static_cast<float>(sum)}}};
  }
  EnergyGradients energy_gradients(const nets::Rows& /*rows*/) const override {
    throw Error(ErrorCode::kInternal, "not asked for");
  }
  samplers::ChainDriver& chain_driver() const override {
    throw Error(ErrorCode::kInternal, "not asked for");
  }

 private:
  nets::Architecture net_;
  double k_;
};

/// Loss and ∂L/∂k of a bowl, over batches of data N(0, s²I), 4 million values in all.
struct BowlStep {
  double loss = 0.0, gradient = 0.0;
};
BowlStep bowl_step(double k, double s) {
  constexpr std::int64_t kDim = 50, kBatches = 8;
  TrainOptions options;
  options.batch_size = 10'000;
  options.threads = 2;
  BowlStep mean;
  for (std::int64_t i = 0; i < kBatches; ++i) {
    training::RunCounters at;
    at.iteration = i;
    Batch batch;
    draw_for_objective({.normals = 2, .uniforms = 1}, options, at, kDim, batch);
    const std::size_t half = batch.normals.size() / 2;
    std::vector<float> data(batch.normals.begin(),
                            batch.normals.begin() + static_cast<std::ptrdiff_t>(half));
    for (float& x : data) x *= static_cast<float>(s);
    const ObjectiveStep step = energy_matching(
        Bowl(k, kDim), data, std::span(batch.normals).subspan(half), batch.uniforms);
    mean.loss += step.loss / kBatches;
    mean.gradient += double{step.gradient[0][0]} / kBatches;
  }
  return mean;
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
    EXPECT_NEAR(bowl_step(wanted, s).loss, least, 2e-3) << s;
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

/// Records the rows of runs without negatives.
struct RowRecorder : Recorder {
  void on_log(const training::TrainStats& s) override {
    auto& row = rows[s.iteration];
    row.clear();
    for (const char* name : {"energy_data", "energy_noise", "loss", "grad_norm"}) {
      row.push_back(s.value(name));
    }
    EXPECT_THROW(s.value("energy_samples"), Error);
  }
  void on_energies(std::int64_t /*iteration*/, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    EXPECT_FALSE(of_data.empty());
    EXPECT_TRUE(of_samples.empty());
  }
};

class EnergyMatchingTrainerTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    training::ConfigTable table = options_.table();
    table.assign("objective=energy-matching");
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
  for (const bool optimal : {false, true}) {
    options_.optimal_pairs = optimal;
    const std::string suffix = optimal ? "-optimal" : "";
    options_.threads = 1;
    RowRecorder whole;
    const std::string model = trained("whole" + suffix, whole);
    EXPECT_EQ(whole.rows.size(), 12u);
    for (const std::int64_t threads : {2, 3, 7}) {
      options_.threads = threads;
      RowRecorder other;
      EXPECT_EQ(trained(std::to_string(threads) + suffix, other), model) << threads;
      EXPECT_EQ(other.rows, whole.rows);
      EXPECT_EQ(other.samples, whole.samples);
    }
    RowRecorder parts;
    parts.stop_at = 7;
    trained("parts" + suffix, parts);
    EXPECT_EQ(trained("parts" + suffix, parts, true), model);
    EXPECT_EQ(parts.rows, whole.rows);
  }
}

TEST_F(EnergyMatchingTrainerTest, LearnsAndItsFileSaysHowToSample) {
  options_.iterations = 400;
  options_.sample_every = 400;
  RowRecorder recorder;
  trained("run", recorder);
  // At first near E‖x₁ − x₀‖²/d = 1 + E[x₁²]; noise and squares are easy to tell apart.
  EXPECT_LT(recorder.rows.at(400)[2], 0.75 * recorder.rows.at(1)[2]);
  EXPECT_LT(recorder.rows.at(400)[0], recorder.rows.at(400)[1]);
  const nets::Model model = nets::read_model(root_ / "run", {});
  EXPECT_EQ(model.recipe.sampler, samplers::SamplerKind::kGradientFlow);
  EXPECT_EQ(model.recipe.start_sd, 1.0f);
  EXPECT_EQ(model.recipe.n_steps, 4);
  EXPECT_EQ(model.recipe.langevin.step_size, 0.4f);
  // Pictures are drawn by that: four steps, of which three and a half follow the flow.
  for (const float x : recorder.samples.at(400)) EXPECT_LE(std::abs(x), 1.0f);
}

TEST_F(EnergyMatchingTrainerTest, RefusesWhatItCannotTrain) {
  options_.optimal_pairs = true;
  options_.batch_size = 1;
  EXPECT_EQ(refusal(), "batch_size = 1: must be at least 2 for pairs to differ");
  options_.batch_size = 40;
  std::get<nets::Activation>(architecture_.layers[1].op) = {nets::ActivationKind::kLeakyRelu, 0.2};
  EXPECT_NE(refusal().find("objective = energy-matching"), std::string::npos) << refusal();
  options_.net = "some.toml";
  options_.energy_scale = 3.0;
  EXPECT_EQ(refusal(),
            "energy_scale = 3: must be 1, as some.toml has its own layers (type = \"scale\")");
}

}  // namespace
}  // namespace ebm
