#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/batch_source.h"
#include "data/dataset.h"
#include "ebm/objective_step.h"
#include "ebm/train_options.h"
#include "ebm/train_state.h"
#include "nets/compiled/compiled_net.h"
#include "nets/files/model.h"
#include "samplers/chain_driver.h"
#include "training/base_measure.h"
#include "training/learner.h"
#include "training/live_quality.h"
#include "training/noise_distribution.h"

namespace ebm {

/// Learns an energy: by contrastive divergence with persistent chains, or by telling data from
/// noise. Every number depends on the seed and the options alone, and not on the number of threads.
class Trainer : public training::Learner {
 public:
  /// @param dataset  outlives the trainer
  /// @param quality  judges samples within eval_budget, and outlives it too; null without one
  /// @param noise    of the objective nce, and outlives it; null for others. One that learns is
  ///                 taught where noise_learning_rate says so
  /// @param base     that the model tilts, and outlives it; null without one
  /// @throws Error(kUsage) for options that do not fit each other, the data or the machine;
  ///         Error(kShape) for noise or a base of another dim.
  Trainer(const TrainOptions& options, const nets::Architecture& architecture,
          const data::Dataset& dataset, const training::LiveQuality* quality = nullptr,
          NoiseDistribution* noise = nullptr, const BaseMeasure* base = nullptr);

  training::RunCounters& counters() override { return state_.counters; }
  const training::RunCounters& counters() const override { return state_.counters; }
  void prepare() override;
  std::optional<std::string> iterate() override;
  bool evaluate(const std::atomic<int>& stop, training::TrainObserver& observer) override;
  std::vector<training::Figure> figures() const override;
  Work work() const override;
  void show_energies(training::TrainObserver& observer) const override;
  void show_samples(training::TrainObserver& observer) const override;
  nets::CheckpointFiles to_files(bool scheduled) const override;
  void restore(const nets::CheckpointFiles& files, const std::string& origin) override;
  void start_afresh() override;
  nets::SafetensorsFile model() const override;

 private:
  /// What an iteration shows.
  struct Shown {
    double energy_data = 0.0, energy_samples = 0.0;  // mean E(x⁺), mean E(x⁻)
    double loss = 0.0;                               // what is descended, the KL term included
    double grad_norm = 0.0;                          // before clipping
    double learning_rate = 0.0;
    double buffer_age = 0.0;  // mean steps since the start of the buffer's chains
    double saturation = 0.0;  // share of sample values at the wall of the box
    // Fréchet distance from data of samples from noise, and of chains of the buffer, if judged.
    std::optional<double> fd = std::nullopt, fd_buffer = std::nullopt;
  };

  /// Of weights in training or averaged, with the base measure.
  std::unique_ptr<samplers::ChainDriver> chain_driver(
      const std::shared_ptr<torch_nets::TorchNet>& net,
      std::shared_ptr<const nets::CompiledNet> compiled) const;
  const nets::SafetensorsFile* base_file() const { return base_ ? &base_->file : nullptr; }
  void draw_negatives();
  /// The objective of the batch at hand. @throws Error(kDiverged) if a chain does.
  ObjectiveStep objective();
  base::RandomKey noise_key() const;
  /// The noise's own step, by the energies that the network had for the batch at hand.
  /// @return why it diverged, or nothing
  std::optional<std::string> teach_noise(std::span<const float> energies, double learning_rate);
  /// Before the first iteration of nce: the network's last bias, so that exp(−E) is about as large
  /// as the density of the noise. Far from there no gradient shows the way.
  void set_first_bias();
  std::optional<double> distance_of_samples(const std::atomic<int>& stop);
  /// n samples of the averaged weights by the model's recipe; nothing if `stop` is set on the way.
  std::optional<std::vector<float>> draw_from_noise(base::Domain domain, std::int64_t n,
                                                    const std::atomic<int>& stop) const;

  TrainOptions options_;
  nets::Architecture architecture_;
  const data::Dataset& dataset_;
  samplers::LangevinOptions langevin_;
  nets::SamplerRecipe recipe_;
  const training::LiveQuality* quality_;
  const NoiseDistribution* noise_;
  LearnedNoise* learned_noise_;  ///< the same if it is taught, else null
  const BaseMeasure* base_;
  std::shared_ptr<const nets::Plan> plan_;             ///< of the compiled backend, null without it
  std::shared_ptr<const nets::CompiledNet> compiled_;  ///< with the weights of this iteration
  TrainState state_;
  std::optional<data::BatchSource> batches_;
  std::vector<float> positives_;    // [batch_size, dim]
  std::vector<float> negatives_;    // [batch_size, dim]
  std::vector<float> before_last_;  // the negatives before their last step, for the KL term
  std::vector<float> energies_;     // of the positives, then of the negatives
  std::vector<float> log_noise_;    // of the same
  Shown shown_;
};

}  // namespace ebm
