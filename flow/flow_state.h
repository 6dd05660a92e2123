#pragma once

#include <string>

#include "flow/flow_options.h"
#include "flow/free_weights.h"
#include "flow/residual_flow.h"
#include "training/adam.h"
#include "training/divergence_guard.h"
#include "training/run_counters.h"

namespace ebm::flow {

/// Everything that one iteration hands to the next: what a checkpoint holds.
class FlowState {
 public:
  /// The state before the first iteration; a function of the options alone.
  FlowState(const FlowOptions& options, const FlowArchitecture& architecture);

  /// Files of a checkpoint:
  ///   model.safetensors         the averaged weights: the model
  ///   weights.safetensors       the weights that training goes on with
  ///   free_weights.safetensors  what these are held from
  ///   norm_vectors.safetensors  where the power iterations of its norms go on
  ///   optimizer.safetensors     Adam's moments by parameter name
  ///   state.json                counters
  nets::CheckpointFiles to_files(const std::string& data, bool scheduled) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @throws Error(kBadData) naming the file and what does not fit.
  void restore(const nets::CheckpointFiles& files, const std::string& origin);

  training::RunCounters counters;
  ResidualFlow flow, average;
  FreeWeights free;  ///< what Adam steps
  training::Adam adam;
  training::DivergenceGuard guard;
};

}  // namespace ebm::flow
