#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nets/files/safetensors.h"
#include "training/tensor_views.h"

namespace ebm::training {

struct AdamOptions {
  double beta1 = 0.0;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// A tensor that is trained. Its values live elsewhere, and outlive the optimiser.
struct TrainedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::span<float> values;  ///< in C order
};

/// Adam: m <- β₁m + (1 − β₁)g, v <- β₂v + (1 − β₂)g²,
/// θ <- θ − lr·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε).
/// Own code, as the state of LibTorch's cannot be read by parameter name in the same way in all of
/// its versions, and as networks are trained without it.
/// Source: Kingma & Ba 2015, algorithm 1.
class Adam {
 public:
  Adam(std::vector<TrainedTensor> parameters, const AdamOptions& options);

  /// One step along the gradient, like the parameters.
  void step(const TensorViews& gradient, double learning_rate);

  /// Moments as "exp_avg.NAME" and "exp_avg_sq.NAME", and the count "step".
  nets::SafetensorsFile state() const;
  /// @throws Error(kBadData) naming origin and the entry that is missing or of another shape.
  void restore(const nets::SafetensorsFile& state, const std::string& origin);

 private:
  std::vector<TrainedTensor> parameters_;
  std::vector<std::vector<float>> first_moment_;
  std::vector<std::vector<float>> second_moment_;
  AdamOptions options_;
  std::int64_t n_steps_ = 0;
};

/// ‖g‖₂ over all tensors, summed in double in their order.
double gradient_norm(const TensorViews& gradient);

/// Scales the gradient to norm max_norm if it is longer; 0 turns it off.
/// @param norm  its norm
void clip_gradient(const TensorViews& gradient, double norm, double max_norm);

}  // namespace ebm::training
