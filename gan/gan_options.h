#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gan/objective.h"
#include "training/config_table.h"
#include "training/evaluation_schedule.h"
#include "training/run_options.h"

namespace ebm::gan {

/// Every setting of `ebm gan train`, with its defaults: the keys of a configuration file. Those
/// marked * in the help have another default for toys.
struct GanOptions : training::RunOptions {
  GanOptions();

  std::string generator = "auto";  ///< resolve() makes it a preset for the size of the items
  std::string critic = "dcgan";
  std::string objective = "ns";
  std::int64_t latent_dim = 64;
  std::int64_t critic_steps = 1;
  std::string spectral_norm = "auto";  ///< resolve() makes it forward or none, by the objective
  double critic_learning_rate = 2e-4;
  double penalty = -1.0;  ///< -1: the objective's own
  double clip = 0.01;
  double qp_scale = 10.0;
  double entropy_weight = 0.0;

  /// The table of all keys, whose targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data and the machine.
  void resolve(const data::Dataset& dataset, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  std::unique_ptr<const Objective> make_objective() const;
  /// By images that the generator makes: batch_size·critic_steps an iteration.
  training::EvaluationSchedule evaluations() const;
  training::LoopOptions loop() const { return RunOptions::loop(evaluations()); }
};

}  // namespace ebm::gan
