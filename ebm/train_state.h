#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ebm/train_options.h"
#include "nets/files/model.h"
#include "torch_nets/torch_net.h"
#include "training/run_counters.h"

namespace ebm {

/// Everything that one iteration hands to the next: what a checkpoint holds.
class TrainState {
 public:
  /// The state before the first iteration; a function of the options alone.
  TrainState(const TrainOptions& options, const nets::Architecture& architecture, bool is_image);

  /// Files of a checkpoint:
  ///   model.safetensors      averaged weights, with architecture and sampler: the model
  ///   weights.safetensors    the weights that training goes on with
  ///   optimizer.safetensors  Adam's moments by parameter name
  ///   replay.safetensors     chains, ages, counters
  ///   state.json             counters
  /// @param base  the file of the base measure, null without one
  nets::CheckpointFiles to_files(const nets::SamplerRecipe& recipe, const std::string& data,
                                 const nets::SafetensorsFile* base, bool scheduled) const;
  /// The averaged weights with all that is needed to walk on them: model.safetensors.
  nets::SafetensorsFile model(const nets::SamplerRecipe& recipe, const std::string& data,
                              const nets::SafetensorsFile* base) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @param base    as it is now
  /// @throws Error(kBadData) naming the file and what does not fit; Error(kUsage) for another base.
  void restore(const nets::CheckpointFiles& files, const std::string& origin,
               const nets::SafetensorsFile* base);

  training::RunCounters counters;
  std::shared_ptr<torch_nets::TorchNet> net;
  std::shared_ptr<torch_nets::TorchNet> average;
  training::Adam adam;
  training::DivergenceGuard guard;
  std::optional<replay::ReplayBuffer> buffer;
};

}  // namespace ebm
