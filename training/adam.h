#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nets/files/safetensors.h"
#include "torch_nets/libtorch.h"

namespace ebm::training {

struct AdamOptions {
  double beta1 = 0.0;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Adam: m <- β₁m + (1 − β₁)g, v <- β₂v + (1 − β₂)g²,
/// θ <- θ − lr·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε).
/// Own code, as the state of LibTorch's cannot be read by parameter name in the same way in all of
/// its versions.
/// Source: Kingma & Ba 2015, algorithm 1.
class Adam {
 public:
  /// @param names  of the parameters, which must outlive the optimiser
  Adam(std::vector<std::string> names, std::vector<torch::Tensor> parameters,
       const AdamOptions& options);

  /// One step along the gradient, like the parameters.
  void step(const std::vector<torch::Tensor>& gradient, double learning_rate);

  /// Moments as "exp_avg.NAME" and "exp_avg_sq.NAME", and the count "step".
  nets::SafetensorsFile state() const;
  /// @throws Error(kBadData) naming origin and the entry that is missing or of another shape.
  void restore(const nets::SafetensorsFile& state, const std::string& origin);

 private:
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> first_moment_;
  std::vector<torch::Tensor> second_moment_;
  AdamOptions options_;
  std::int64_t n_steps_ = 0;
};

/// ‖g‖₂ over all tensors, summed in double in their order.
double gradient_norm(const std::vector<torch::Tensor>& gradient);

/// Scales the gradient to norm max_norm if it is longer; 0 turns it off.
/// @param norm  its norm
void clip_gradient(const std::vector<torch::Tensor>& gradient, double norm, double max_norm);

}  // namespace ebm::training
