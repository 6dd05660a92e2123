#pragma once

#include <cstdint>
#include <string>

#include "ebm/objectives/objective_table.h"
#include "nets/architecture/precision.h"
#include "nets/architecture/with_classes.h"
#include "replay/augmentation.h"
#include "replay/replay_buffer.h"
#include "samplers/kernels/langevin.h"
#include "training/config_table.h"
#include "training/evaluation_schedule.h"
#include "training/run_options.h"

namespace ebm {

/// What evaluates the network in training.
enum class Backend {
  kAuto,      ///< kTorch on cuda, else kCompiled
  kCompiled,  ///< the compiled plan, on the CPU
  kTorch,     ///< LibTorch
};

/// Where the network is evaluated.
enum class Device { kCpu, kCuda };

/// What the energy depends on beside x.
enum class Condition {
  kNone,
  kClass,  ///< the label of an item, or "none"
};

/// Every setting of `ebm train`, with its defaults for images: the keys of a configuration file.
struct TrainOptions : training::RunOptions {
  /// The learning rate and its decay are those that won on images: docs/recipes.md.
  TrainOptions();

  std::string net = "uva";
  Condition condition = Condition::kNone;
  nets::ClassCondition condition_by = nets::ClassCondition::kFilm;  ///< of a preset
  double label_dropout = 0.1;
  double classify_weight = 0.0;
  double guidance = 1.0;        ///< nets::SamplerRecipe::guidance
  double guidance_start = 0.0;  ///< nets::SamplerRecipe::guidance_start
  double guidance_end = 0.0;    ///< nets::SamplerRecipe::guidance_end; 0: none
  ObjectiveKind objective = ObjectiveKind::kContrastiveDivergence;
  std::string noise = kGaussianNoise;
  double noise_learning_rate = 0.0;
  double noise_sd = 0.0;                          ///< σ of one level, or of perturbations
  double noise_sd_min = 0.0, noise_sd_max = 0.0;  ///< of many levels; 0: none
  double data_sd = 0.0;  ///< s of E(x, σ): nets::Model::data_sd; resolve() measures it
  std::string base;
  Backend backend = Backend::kAuto;                       ///< resolve() chooses
  nets::Precision precision = nets::Precision::kFloat32;  ///< of the backend compiled
  Device device = Device::kCpu;
  std::int64_t steps = 20;
  double step_size = 10.0;
  double noise_scale = 0.005;
  double clamp_energy_grad = 0.03;
  bool persistent = true;
  std::int64_t buffer_capacity = 8192;
  replay::Storage buffer_storage = replay::Storage::kFloat32;
  replay::Policy buffer_policy = replay::Policy::kInPlace;
  double restart_probability = 0.05;
  replay::Augmentation augment;  ///< of chains drawn from the buffer
  std::int64_t sample_steps = 256;
  double energy_l2 = 0.1;
  double kl_weight = 0.0;
  double guard_class_gap = 0.15;
  double energy_scale = 1.0;  ///< of a preset
  bool optimal_pairs = false;
  double contrast_weight = 0.0;
  double contrast_start = 0.8;
  std::int64_t perturbations = 16;
  double stabilisation = 1.0;
  double momentum = 0.3;
  std::int64_t noise_levels = 8;

  /// Of the backend torch, see TorchNet::set_intraop_threads. Only to compare with, so that it is
  /// no key: results depend on it.
  std::int64_t intraop_threads = 0;

  /// The `noise` that is fitted to the data; any other is a MODEL of a flow.
  static constexpr const char* kGaussianNoise = "gaussian";

  /// The table of all keys, whose targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data, the objective and the machine: the other defaults of keys
  /// that were not set, the ends of the learning-rate decay, the backend, the number of threads.
  void resolve(bool is_image, const training::ConfigTable& table);
  void resolve(const data::Dataset& dataset, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  Needs needs() const { return objective_entry(objective).make(*this, true)->needs(); }
  /// The setting that only LibTorch can follow, as "backend = torch"; empty if there is none.
  std::string torch_setting() const;
  bool has_classes() const { return condition == Condition::kClass; }
  /// Bound on the mean energy gap of a class. mean(−E + α E²) of samples is least at E = 1/(2α), α
  /// = energy_l2, and that of data at −1/(2α): a class whose chains no longer follow goes to a gap
  /// of −1/α, of which `guard_class_gap` is a share. With α = 0 it goes as far as that of all may.
  double max_class_gap() const;
  /// Iterations before those with a contrast.
  std::int64_t contrast_begin() const {
    return static_cast<std::int64_t>(contrast_start * static_cast<double>(iterations));
  }
  bool has_learned_noise() const { return noise_learning_rate > 0.0; }
  samplers::LangevinOptions langevin(bool is_image) const;
  replay::ReplayOptions replay(std::int64_t item_size, bool is_image) const;
  training::EvaluationSchedule evaluations() const;
  training::LoopOptions loop() const { return RunOptions::loop(evaluations()); }
};

}  // namespace ebm
