#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tests/ebm/trainer_case.h"

namespace ebm {
namespace {

/// L = (1/2B)·Σ_b (E(x⁺_b) − 1)², which needs no negatives, as score matching would not.
class UnitEnergy : public Objective {
 public:
  Needs needs() const override { return {.negatives = NegativeSource::kNone}; }
  std::vector<const char*> own_columns() const override { return {"largest_energy"}; }
  ObjectiveStep step(const EvaluatedNet& net, const Batch& batch) const override {
    EXPECT_TRUE(batch.negatives.empty());
    const auto dim = static_cast<std::size_t>(net.architecture().input.size());
    const double n = static_cast<double>(batch.positives.size() / dim);
    auto result = net.weight_gradient(batch.positives, [&](std::int64_t /*row*/, float energy) {
      return static_cast<float>((double{energy} - 1.0) / n);
    });
    ObjectiveStep found;
    double largest = -INFINITY;
    for (const float energy : result.energies) {
      found.energy_data += double{energy} / n;
      found.loss += (double{energy} - 1.0) * (double{energy} - 1.0) / (2.0 * n);
      largest = std::max(largest, double{energy});
    }
    found.figures = {{"largest_energy", largest}};
    found.gradient = std::move(result.gradient);
    found.energies = std::move(result.energies);
    return found;
  }
};

/// Records the losses; every row has to have the columns of the objective.
struct LossRecorder : Recorder {
  std::vector<double> losses;
  void on_log(const training::TrainStats& s) override {
    losses.push_back(s.value("loss"));
    EXPECT_GE(s.value("largest_energy"), s.value("energy_data"));
    EXPECT_THROW(s.value("energy_samples"), Error);
    EXPECT_EQ(s.value("saturation"), 0.0);
  }
  void on_energies(std::int64_t /*iteration*/, std::span<const float> of_data,
                   std::span<const float> of_samples) override {
    EXPECT_EQ(of_data.size(), 40u);
    EXPECT_TRUE(of_samples.empty());
    ++n_energies;
  }
};

std::vector<std::string> names_of(const std::vector<training::Figure>& figures) {
  std::vector<std::string> names;
  for (const training::Figure& figure : figures) names.emplace_back(figure.name);
  return names;
}

class ObjectiveWithoutNegativesTest : public TrainerCase {
 protected:
  void SetUp() override {
    TrainerCase::SetUp();
    options_.iterations = 40;
    options_.learning_rate = 0.02;
  }
  std::string train_unit_energy(const std::string& name, LossRecorder& recorder, bool resume) {
    const training::RunFolder folder(root_ / name);
    Trainer trainer(options_, architecture_, dataset_, std::make_unique<UnitEnergy>(), {});
    const auto names = names_of(trainer.figures());
    EXPECT_EQ(names, (std::vector<std::string>{"energy_data", "loss", "largest_energy", "grad_norm",
                                               "learning_rate", "buffer_age", "saturation"}));
    training::TrainingLoop loop(options_.loop(), folder, recorder, trainer);
    if (resume) loop.resume();
    recorder.stop = 0;
    end_ = loop.run(recorder.stop);
    EXPECT_EQ(names_of(trainer.figures()), names);
    return base::read_file(folder.model());
  }
};

TEST_F(ObjectiveWithoutNegativesTest, TheTrainerTrainsAndResumesIt) {
  LossRecorder whole;
  const std::string model = train_unit_energy("whole", whole, false);
  ASSERT_EQ(whole.losses.size(), 40u);
  EXPECT_EQ(whole.n_energies, 40);
  EXPECT_LT(whole.losses.back(), 0.1 * whole.losses.front());
  EXPECT_FALSE(std::filesystem::exists(root_ / "whole/checkpoints/000040/replay.safetensors"));
  LossRecorder parts;
  parts.stop_at = 7;
  train_unit_energy("parts", parts, false);
  EXPECT_EQ(train_unit_energy("parts", parts, true), model);
}

}  // namespace
}  // namespace ebm
