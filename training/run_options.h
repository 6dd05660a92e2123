#pragma once

#include <cstdint>
#include <string>

#include "data/batch_source.h"
#include "evaluation/live_quality.h"
#include "training/adam.h"
#include "training/config_table.h"
#include "training/divergence_guard.h"
#include "training/learning_rate.h"
#include "training/training_loop.h"

namespace ebm::training {

/// The settings that every training run has, whatever it trains. Each trainer derives its options
/// from them, with other defaults where it needs them.
struct RunOptions {
  std::string data;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::int64_t iterations = 3000;
  double minutes = 0.0;
  std::int64_t batch_size = 64;
  double data_noise = 0.005;
  bool dequantize = true;

  double learning_rate = 5e-4;
  std::int64_t warmup_iterations = 0;
  RateSchedule lr_schedule = RateSchedule::kExponential;
  std::int64_t lr_decay_start = -1;
  std::int64_t lr_decay_end = -1;
  double lr_final_fraction = 0.1;
  double beta1 = 0.0;
  double beta2 = 0.999;
  double clip_grad_norm = 1.0;
  double ema_decay = 0.99;

  std::int64_t log_every = 10;
  std::int64_t sample_every = 500;
  std::int64_t checkpoint_every = 500;
  std::int64_t keep_checkpoints = 3;

  double eval_budget = 0.0;
  std::int64_t eval_n = 2000;
  std::string features;

  double guard_energy_gap = 100.0;
  double guard_grad_norm = 1000.0;
  double guard_saturation = 0.99;
  std::int64_t guard_patience = 10;

  /// Adds the keys of the run and its data. The targets are the members of this object.
  void add_run_keys(ConfigTable& table);
  /// Adds the keys of the optimiser.
  void add_optimiser_keys(ConfigTable& table);
  /// Adds the keys of what is recorded, evaluated and guarded.
  /// @param budget_of  what eval_budget is a share of
  void add_record_keys(ConfigTable& table, const std::string& budget_of);

  /// Fills in the ends of the decay of the learning rate and the number of threads.
  void resolve_run();
  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate_run() const;

  LearningRate rate() const;
  /// The rate of an iteration, halved by each roll-back.
  double rate_at(std::int64_t iteration, std::int64_t rollbacks) const;
  AdamOptions adam() const { return {.beta1 = beta1, .beta2 = beta2}; }
  GuardOptions guard() const;
  evaluation::LiveQualityOptions quality() const;
  data::BatchOptions batches(std::uint32_t generation) const;
  LoopOptions loop(const EvaluationSchedule& evaluations) const;
};

}  // namespace ebm::training
