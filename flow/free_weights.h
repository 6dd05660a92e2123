#pragma once

#include <string>
#include <vector>

#include "flow/residual_flow.h"
#include "nets/files/safetensors.h"
#include "torch_nets/libtorch.h"

namespace ebm::flow {

/// The unconstrained parameters of a flow, which an optimiser steps in place of the flow's tensors:
/// of each convolution V, whose weight W is
///   W = V·min(1, bound/σ(V)),
/// at first W itself; the other tensors are those of the flow. Were W stepped and then projected,
/// each step would shrink all of W by what its steepest direction had grown, and soon nothing
/// learnt would be left.
/// Source: Behrmann et al. 2019, section 2.1; Miyato et al. 2018, eq. 12.
class FreeWeights {
 public:
  explicit FreeWeights(const ResidualFlow& flow);
  /// Like ResidualFlow::tensors().
  const std::vector<torch::Tensor>& tensors() const { return tensors_; }
  /// Sets the flow's tensors from these, σ by that many power iterations from where the last ones
  /// ended. No bit depends on n_threads.
  void project(ResidualFlow& flow, int n_iterations, int n_threads = 1) const;
  /// Turns a gradient G of the flow's tensors into one of these. Of V beyond its bound it is
  ///   (bound/σ(V))·(G − (⟨G, W⟩/bound)·∂σ/∂W).
  void backward(const ResidualFlow& flow, std::vector<torch::Tensor>& gradient) const;
  /// The V of all convolutions, by the names of their W.
  nets::SafetensorsFile file(const ResidualFlow& flow) const;
  /// @throws Error(kBadData) naming the tensor that is missing, of another shape or not finite.
  void restore(const ResidualFlow& flow, const nets::SafetensorsFile& file,
               const std::string& origin);

 private:
  std::vector<torch::Tensor> tensors_;
};

}  // namespace ebm::flow
