#pragma once

#include <string>
#include <vector>

#include "flow/flow_options.h"
#include "flow/free_weights.h"
#include "flow/residual_flow.h"
#include "nets/files/checkpoint_folder.h"
#include "training/adam.h"

namespace ebm::flow {

/// A flow with its unconstrained parameters and their optimiser: all that a step changes.
class FlowInTraining {
 public:
  /// @param flow     whose tensors are stepped from now on; copies of it share them
  /// @param options  of Adam, clipping and the projection
  FlowInTraining(ResidualFlow flow, const FlowOptions& options);

  const ResidualFlow& flow() const { return flow_; }
  ResidualFlow& flow() { return flow_; }
  /// Turns a gradient of the flow's tensors into one of the unconstrained parameters. Returns its
  /// norm.
  double backward(std::vector<torch::Tensor>& gradient) const;
  /// Clips that gradient, takes a step of Adam down it and projects the flow's tensors.
  /// @param norm  of the gradient
  void step(std::vector<torch::Tensor>& gradient, double norm, double learning_rate, int n_threads);

  /// Adds its files to those of a checkpoint:
  ///   WEIGHTS                         the flow
  ///   PREFIXfree_weights.safetensors  its unconstrained parameters
  ///   PREFIXnorm_vectors.safetensors  where the power iterations of its norms go on
  ///   PREFIXoptimizer.safetensors     Adam's moments by parameter name
  /// @param data  SPEC of the data, for the file of the flow
  void add_to(nets::CheckpointFiles& files, const std::string& weights, const std::string& prefix,
              const std::string& data) const;
  /// @param origin  the checkpoint's folder, for messages
  /// @throws Error(kBadData) naming the file and what does not fit.
  void restore(const nets::CheckpointFiles& files, const std::string& weights,
               const std::string& prefix, const std::string& origin);

 private:
  ResidualFlow flow_;
  FreeWeights free_;
  training::Adam adam_;
  double clip_grad_norm_;
  int norm_iterations_;
};

/// Copies the flow of a checkpoint's file, which need have no inverse yet. @throws Error(kBadData)
/// naming the file and what does not fit.
void restore_flow(const nets::CheckpointFiles& files, const std::string& name,
                  const std::string& origin, ResidualFlow& to);

}  // namespace ebm::flow
