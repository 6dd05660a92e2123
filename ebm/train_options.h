#pragma once

#include <cstdint>
#include <string>

#include "replay/replay_buffer.h"
#include "samplers/kernels/langevin.h"
#include "training/config_table.h"
#include "training/evaluation_schedule.h"
#include "training/run_options.h"

namespace ebm {

/// Every setting of `ebm train`, with its defaults: the keys of a configuration file. Those marked
/// * in the help have another default for toys, which live in no box.
struct TrainOptions : training::RunOptions {
  /// The rate and its fall are those that won on images: docs/recipes.md.
  TrainOptions();

  std::string net = "uva";
  std::string objective = "cd";
  std::string noise = "gaussian";
  double noise_learning_rate = 0.0;
  std::string base;
  std::string backend = "auto";  ///< resolve() makes it compiled or torch
  std::string device = "cpu";

  std::int64_t steps = 20;
  double step_size = 10.0;
  double noise_scale = 0.005;
  double clamp_energy_grad = 0.03;
  bool persistent = true;
  std::int64_t buffer_capacity = 8192;
  std::string buffer_storage = "float32";
  std::string buffer_policy = "in-place";
  double restart_probability = 0.05;
  std::int64_t sample_steps = 256;

  double energy_l2 = 0.1;
  double kl_weight = 0.0;

  /// Of the backend torch, see TorchNet::set_intraop_threads. Only to compare with, so that it is
  /// no key: results hang on it.
  std::int64_t intraop_threads = 0;

  /// The table of all keys, whose targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data and the machine: for toys (no box) and, as to the rate, for
  /// noise-contrastive training the keys marked * that were not set, the ends of the learning-rate
  /// decay, the number of threads.
  void resolve(bool is_image, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  bool is_noise_contrastive() const { return objective == "nce"; }
  bool has_learned_noise() const { return noise_learning_rate > 0.0; }
  /// Whether chains go on from iteration to iteration.
  bool has_buffer() const { return persistent && !is_noise_contrastive(); }
  samplers::LangevinOptions langevin(bool is_image) const;
  replay::ReplayOptions replay(std::int64_t item_size, bool is_image) const;
  training::EvaluationSchedule evaluations() const;
  training::LoopOptions loop() const { return RunOptions::loop(evaluations()); }
};

}  // namespace ebm
