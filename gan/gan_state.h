#pragma once

#include <optional>
#include <string>

#include "gan/gan_model.h"
#include "gan/gan_options.h"
#include "gan/mutual_information.h"
#include "torch_nets/torch_net.h"
#include "training/adam.h"
#include "training/divergence_guard.h"
#include "training/run_counters.h"

namespace ebm::gan {

/// Everything that one iteration of a game hands to the next: what a checkpoint holds.
class GanState {
 public:
  /// The state before the first iteration; a function of the options alone.
  GanState(const GanOptions& options, const nets::Architecture& generator,
           const nets::Architecture& critic);

  /// Files of a checkpoint:
  ///   model.safetensors             the averaged generator and the critic: the model
  ///   weights.safetensors           the weights that training goes on with
  ///   generator_optimizer, critic_optimizer (.safetensors)  Adam's moments by parameter name
  ///   estimator, estimator_optimizer (.safetensors)  of the mutual information, if there is one
  ///   state.json                    counters
  /// @param sampler  the averaged generator with the statistics that its batch norms keep
  nets::CheckpointFiles to_files(const torch_nets::TorchNet& sampler, const std::string& data,
                                 bool scheduled) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @throws Error(kBadData) naming the file and what does not fit.
  void restore(const nets::CheckpointFiles& files, const std::string& origin);

  training::RunCounters counters;
  torch_nets::TorchNet generator, average, critic;
  training::Adam generator_adam, critic_adam;
  /// Of an entropy_weight.
  std::optional<MutualInformation> estimator;
  std::optional<training::Adam> estimator_adam;
  training::DivergenceGuard guard;
};

/// @param sampler  the generator to keep
GanModel model_of(const torch_nets::TorchNet& sampler, const torch_nets::TorchNet& critic,
                  const std::string& data);

}  // namespace ebm::gan
