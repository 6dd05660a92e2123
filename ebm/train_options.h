#pragma once

#include <cstdint>
#include <string>

#include "replay/replay_buffer.h"
#include "samplers/langevin.h"
#include "training/adam.h"
#include "training/config_table.h"
#include "training/divergence_guard.h"
#include "training/evaluation_schedule.h"
#include "training/learning_rate.h"
#include "training/live_quality.h"
#include "training/training_loop.h"

namespace ebm {

/// Every setting of `ebm train`, with its defaults: the keys of a configuration file. Those marked
/// * in the help have another default for toys, which live in no box.
struct TrainOptions {
  std::string data;
  std::string net = "uva";
  std::string objective = "cd";
  std::string backend = "auto";  ///< resolve() makes it compiled or torch
  std::string device = "cpu";
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  std::int64_t iterations = 3000;
  double minutes = 0.0;

  std::int64_t batch_size = 64;
  double data_noise = 0.005;
  bool dequantize = true;

  std::int64_t steps = 20;
  double step_size = 10.0;
  double noise_scale = 0.005;
  double clamp_energy_grad = 0.03;
  bool persistent = true;
  std::int64_t buffer_capacity = 8192;
  std::string buffer_storage = "float32";
  std::string buffer_policy = "in-place";
  double restart_probability = 0.05;

  double energy_l2 = 0.1;
  double kl_weight = 0.0;

  double learning_rate = 5e-4;
  std::int64_t warmup_iterations = 0;
  std::string lr_schedule = "exponential";
  std::int64_t lr_decay_start = -1;
  std::int64_t lr_decay_end = -1;
  double lr_final_fraction = 0.1;
  double beta1 = 0.0;
  double beta2 = 0.999;
  double clip_grad_norm = 1.0;
  double ema_decay = 0.99;

  std::int64_t log_every = 10;
  std::int64_t sample_every = 500;
  std::int64_t sample_steps = 256;
  std::int64_t checkpoint_every = 500;
  std::int64_t keep_checkpoints = 3;

  double eval_budget = 0.0;
  std::int64_t eval_n = 2000;
  std::string features;

  double guard_energy_gap = 100.0;
  double guard_grad_norm = 1000.0;
  double guard_saturation = 0.99;
  std::int64_t guard_patience = 10;

  /// Of the backend torch, see TorchNet::set_intraop_threads. Only to compare with, so that it is
  /// no key: results hang on it.
  std::int64_t intraop_threads = 0;

  /// The table of all keys, whose targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data and the machine: for toys (no box) the keys marked * that
  /// were not set, the ends of the learning-rate decay, the number of threads.
  void resolve(bool is_image, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  samplers::LangevinOptions langevin(bool is_image) const;
  replay::ReplayOptions replay(std::int64_t item_size, bool is_image) const;
  training::LearningRate rate() const;
  training::AdamOptions adam() const { return {.beta1 = beta1, .beta2 = beta2}; }
  training::GuardOptions guard() const;
  training::EvaluationSchedule evaluations() const;
  training::LiveQualityOptions quality() const;
  training::LoopOptions loop() const;
};

}  // namespace ebm
