#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ebm/train_options.h"
#include "nets/model.h"
#include "torch_nets/torch_net.h"

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
  nets::CheckpointFiles to_files(const nets::SamplerRecipe& recipe, const std::string& data,
                                 bool scheduled) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @throws Error(kBadData) naming the file and what does not fit.
  void restore(const nets::CheckpointFiles& files, const std::string& origin);

  /// Whether a checkpoint is one to roll back to: made on schedule, so that a run which was
  /// interrupted rolls back to where one that was not would, and with no bound passed.
  /// @param state_json  its state.json
  static bool good_to_return_to(const std::string& state_json);

  std::int64_t iteration = 0;  ///< iterations made
  std::int64_t rollbacks = 0;
  double seconds = 0.0;
  /// The iteration of an evaluation that only the end of the run called for (EvaluationSchedule);
  /// 0 if there was none.
  std::int64_t end_evaluation = 0;
  std::shared_ptr<torch_nets::TorchNet> net;
  std::shared_ptr<torch_nets::TorchNet> average;
  training::Adam adam;
  training::DivergenceGuard guard;
  std::optional<replay::ReplayBuffer> buffer;
  std::string data_fingerprint;  ///< of the data set; a run cannot go on with another
};

}  // namespace ebm
