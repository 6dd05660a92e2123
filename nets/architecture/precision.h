#pragma once

#include "base/names/choice.h"

namespace ebm::nets {

/// The numbers that a compiled network multiplies.
enum class Precision {
  kFloat32,
  /// Operands of products in bfloat16: weights, inputs of convolutions and linear layers, and the
  /// gradients at their outputs, of which gradients of inputs and of weights are made. They are
  /// rounded to nearest, ties to even; denormals count as 0. Batch norms that belong to a product
  /// are in its weights before these are rounded. All else is float32: sums of products, biases and
  /// their gradients, activations and their derivatives, poolings and residual sums, energies, the
  /// gradient at the input. The derivative of rounding is taken to be 1.
  kBfloat16,
};

inline constexpr base::Choice<Precision> kPrecisions[] = {{"f32", Precision::kFloat32},
                                                          {"bf16", Precision::kBfloat16}};

}  // namespace ebm::nets
