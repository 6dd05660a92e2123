#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "ebm/class_conditions.h"
#include "ebm/class_figures.h"
#include "ebm/evaluated_net.h"
#include "ebm/negatives.h"
#include "ebm/objectives/objective.h"
#include "ebm/train_options.h"
#include "ebm/train_state.h"
#include "nets/files/model.h"
#include "training/base_measure.h"
#include "training/data_learner.h"

namespace ebm {

/// What a trainer uses beside options, network and data.
struct TrainerParts {
  /// Evaluates samples within eval_budget, and outlives the trainer.
  evaluation::QualityReference quality = std::nullopt;
  /// Of objectives that need noise; outlives the trainer.
  NoiseReference noise = std::nullopt;
  /// That the model tilts, if options.base names one.
  std::optional<training::BaseMeasure> base = std::nullopt;
  /// Of backend = torch (torch_nets/training_backend.h).
  NetBackend torch = nullptr;
};

/// Trains an energy by an objective. Every number depends on the seed and the options alone, and
/// not on the number of threads.
class Trainer : public training::DataLearner {
 public:
  /// @param dataset  outlives the trainer
  /// @throws Error(kUsage) for options that do not fit each other, the data or the machine;
  ///         Error(kShape) for noise or a base of another dim.
  Trainer(const TrainOptions& options, const nets::Architecture& architecture,
          const data::Dataset& dataset, TrainerParts parts = {});
  /// With an objective that need not be in the table; that of the options says which of them fit.
  Trainer(const TrainOptions& options, const nets::Architecture& architecture,
          const data::Dataset& dataset, std::unique_ptr<const Objective> objective,
          TrainerParts parts);
  void prepare() override;
  std::optional<std::string> iterate() override;
  bool evaluate(const std::atomic<int>& stop, training::TrainObserver& observer) override;
  std::vector<training::Figure> figures() const override;
  Work work() const override { return negatives_->work(); }
  void show_energies(training::TrainObserver& observer) const override;
  void show_samples(training::TrainObserver& observer) const override;
  nets::SafetensorsFile model() const override;

 private:
  /// What an iteration shows.
  struct Shown {
    ObjectiveStep step;      // without its gradient
    double grad_norm = 0.0;  // before clipping
    double learning_rate = 0.0;
    double buffer_age = 0.0;  // mean steps since the start of the buffer's chains
    double saturation = 0.0;  // share of sample values at the wall of the box
    std::optional<double> fd_buffer = std::nullopt;  // Fréchet distance of the buffer's chains
    // Of each class and none, as the columns of class_figures_: E(x⁺) − E(x⁻), age of the chains.
    std::vector<training::ClassGap> gaps = {};
    std::vector<std::optional<double>> ages = {};
  };

  const char* sample_source() const override { return "noise"; }
  std::optional<std::vector<float>> draw_samples(base::Domain domain, std::int64_t n,
                                                 const std::atomic<int>& stop) const override;
  nets::CheckpointFiles model_state() const override;
  void add_kept(nets::UnwrittenFiles& files) const override { negatives_->add_to(files); }
  void restore_model_state(const nets::CheckpointFiles& files, const std::string& origin) override;
  void reset_model_state() override;
  /// Without a copy of all chains that are kept.
  RememberedModel remember_model() override;

  /// batch_ of the next iteration, without negatives.
  void read_batch();
  /// n chains from noise of the averaged network. @param labels  [n], empty if it has no classes
  std::optional<std::vector<float>> draw_from_noise(base::Domain domain, std::int64_t n,
                                                    std::span<const float> labels,
                                                    const std::atomic<int>& stop) const;
  /// A line of samples for each class.
  void show_classes(training::TrainObserver& observer) const;

  TrainOptions options_;
  std::unique_ptr<const Objective> objective_;
  std::optional<ClassConditions> classes_;
  ClassFigures class_figures_;
  std::optional<training::BaseMeasure> base_;
  ChainDynamics dynamics_;
  nets::SamplerRecipe recipe_;
  ChainDynamics sample_dynamics_;  // by the recipe
  std::unique_ptr<Negatives> negatives_;
  NetBackend backend_;  // of the options
  TrainState state_;
  std::unique_ptr<EvaluatedNet> net_;  // state_.net
  Batch batch_;
  Shown shown_;
};

}  // namespace ebm
