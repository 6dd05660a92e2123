#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "data/dataset.h"
#include "gan/critic_step.h"
#include "gan/gan_options.h"
#include "gan/gan_state.h"
#include "gan/generator_pass.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/box.h"
#include "training/data_learner.h"

namespace ebm::gan {

/// Trains a critic and a generator in turns: critic_steps steps of the critic on data and samples,
/// then one of the generator against the critic as it then is, on the samples of the critic's last
/// step. Every number depends on the seed and the options alone, and not on the number of threads.
/// The critic runs on the compiled plan, but for its gradient penalty; the generator on LibTorch.
class GanTrainer : public training::DataLearner {
 public:
  /// @param generator  its batch norms go by groups of 32 samples while it learns
  /// @param critic     the spectral norms of `spectral_norm` among its layers
  /// @param dataset    outlives the trainer
  /// @param quality    evaluates samples within eval_budget, and outlives it too
  /// @throws Error(kShape) unless the generator makes items of the data and the critic takes them;
  ///         Error(kUsage) for a critic with batch norms, for norms of its own beside a projection,
  ///         or if spectral_norm is still auto.
  GanTrainer(const GanOptions& options, const nets::Architecture& generator,
             const nets::Architecture& critic, const data::Dataset& dataset,
             evaluation::QualityReference quality = std::nullopt);

  std::optional<std::string> iterate() override;
  std::vector<training::Figure> figures() const override;
  Work work() const override;
  void show_energies(training::TrainObserver& observer) const override;
  nets::SafetensorsFile model() const override;

 private:
  /// What an iteration shows.
  struct Shown {
    double energy_data = 0.0, energy_samples = 0.0;  // mean E = −d of the critic's last step
    double critic_loss = 0.0, generator_loss = 0.0;
    double critic_norm = 0.0, generator_norm = 0.0;  // of gradients, before clipping
    double learning_rate = 0.0;                      // the generator's
    double information = 0.0;                        // Î of the samples, if it is weighed
    double saturation = 0.0;  // share of sample values at the wall of the box
  };

  const char* sample_source() const override { return "generator"; }
  std::optional<std::vector<float>> draw_samples(base::Domain domain, std::int64_t n,
                                                 const std::atomic<int>& stop) const override;
  nets::CheckpointFiles model_state() const override {
    return state_.to_files(*sampler(), options_.data);
  }
  void restore_model_state(const nets::CheckpointFiles& files, const std::string& origin) override {
    state_.restore(files, origin);
    sampler_.reset();
  }
  void reset_model_state() override;
  /// With the averaged generator as it is: its standing statistics cost more than an iteration.
  RememberedModel remember_model() override;

  /// Whether the critic's norms are bounded after each step.
  bool is_projected() const;
  std::vector<float> draw_latents(base::Domain domain, std::int64_t first, std::int64_t n) const;
  /// The generator's step, and the estimator's if there is one; why it diverged, or nothing.
  std::optional<std::string> train_generator(GeneratorPass& pass);
  /// Step number `step` of the critic in all, on samples of the generator.
  void train_critic(std::int64_t step, std::span<const float> samples);
  /// The averaged generator with fixed statistics, which take longer than an iteration: made once
  /// of each state.
  std::shared_ptr<const torch_nets::TorchNet> sampler() const;
  /// The critic as it now is, compiled in the memory of the one before.
  const nets::CompiledNet& compiled_critic();

  GanOptions options_;
  std::unique_ptr<const Objective> objective_;
  std::optional<samplers::Box> box_;
  std::shared_ptr<const nets::Plan> critic_plan_;
  std::shared_ptr<nets::CompiledNet> compiled_critic_;  // once it was asked for
  GanState state_;
  mutable std::shared_ptr<const torch_nets::TorchNet> sampler_;  // of state_, or null
  std::vector<float> rows_;      // [2·batch_size, dim] of the critic's last step, data first
  std::vector<float> energies_;  // of these
  Shown shown_;
};

}  // namespace ebm::gan
