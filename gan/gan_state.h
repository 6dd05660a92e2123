#pragma once

#include <optional>
#include <string>

#include "gan/gan_model.h"
#include "gan/gan_options.h"
#include "gan/mutual_information.h"
#include "nets/files/checkpoint_folder.h"
#include "torch_nets/torch_net.h"
#include "training/adam.h"

namespace ebm::gan {

/// The networks in training: what one iteration hands to the next beside its counters.
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
  /// @param sampler  the averaged generator with the statistics that its batch norms keep
  nets::CheckpointFiles to_files(const torch_nets::TorchNet& sampler,
                                 const std::string& data) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @throws Error(kBadData) naming the file and what does not fit.
  void restore(const nets::CheckpointFiles& files, const std::string& origin);

  torch_nets::TorchNet generator, average, critic;
  training::Adam generator_adam, critic_adam;
  /// Estimates the entropy of samples; nothing without an entropy_weight.
  std::optional<MutualInformation> estimator;
  std::optional<training::Adam> estimator_adam;
};

/// @param sampler  the generator to keep
GanModel model_of(const torch_nets::TorchNet& sampler, const torch_nets::TorchNet& critic,
                  const std::string& data);

}  // namespace ebm::gan
