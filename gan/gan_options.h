#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gan/objectives/objective.h"
#include "training/config_table.h"
#include "training/evaluation_schedule.h"
#include "training/run_options.h"

namespace ebm::gan {

/// How the spectral norms of the critic's layers are bounded.
enum class SpectralNorm {
  kAuto,        ///< kForward, but kNone where the objective constrains the gradient itself
  kForward,     ///< W/norm within the layer
  kProjection,  ///< weights are projected after each step, by the norms of their matrices
  kOperator,    ///< the same by the norms of the convolutions as maps
  kNone,
};

/// Every setting of `ebm gan train`, with its defaults for images: the keys of a configuration
/// file.
struct GanOptions : training::RunOptions {
  GanOptions();

  std::string generator = "auto";  ///< resolve() makes it a preset for the size of the items
  std::string critic = "dcgan";
  ObjectiveKind objective = ObjectiveKind::kNonSaturating;
  std::int64_t latent_dim = 64;
  std::int64_t critic_steps = 1;
  SpectralNorm spectral_norm = SpectralNorm::kAuto;  ///< resolve() chooses
  double critic_learning_rate = 2e-4;
  double penalty = -1.0;  ///< -1: the objective's own
  double clip = 0.01;
  double qp_scale = 10.0;
  double entropy_weight = 0.0;

  /// The table of all keys. Its targets are the members of this object.
  training::ConfigTable table();

  /// Fills in what depends on the data and the machine.
  void resolve(const data::Dataset& dataset, const training::ConfigTable& table);

  /// @throws Error(kUsage) naming the key, its value and what would be right.
  void validate() const;

  std::unique_ptr<const Objective> make_objective() const;
  /// By images that the generator makes: batch_size·critic_steps per iteration.
  training::EvaluationSchedule evaluations() const;
  training::LoopOptions loop() const { return RunOptions::loop(evaluations()); }
};

}  // namespace ebm::gan
