#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nets/compiled/packed_product.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/tile_tasks.h"
#include "samplers/simd/lane_count.h"

namespace ebm::nets {

/// Operations of a plan, forwards and backwards, for one block of 16 chains. Values, and the
/// derivatives of activations, lie in `work`; gradients in `grads`, which is the same memory where
/// a value is not needed once its gradient is there.
struct PlanRun {
  const Plan& plan;
  const std::vector<PackedProduct>& products;
  const float* x;
  float* x_grad;
  float* work;
  float* grads;
  /// Whether gradients of the results of smooth activations are left without the derivative, for
  /// the caller, who needs both.
  bool leaves_smooth = false;
  const float* context = nullptr;  ///< [context_dim, 16]
  /// In a pass of tangents: the memory of the values that they are derivatives of.
  const float* values = nullptr;
  /// Whether gradients are wanted of the input alone, so that films are merged (PlanOp::is_merged).
  bool only_x = false;

  float* at(std::int64_t offset) const { return work + offset * samplers::kLanes; }
  const PlanValue& info(int value) const { return plan.values[static_cast<std::size_t>(value)]; }
  std::int64_t place(int index) const { return only_x ? info(index).merged : info(index).offset; }
  const float* value(int index) const { return index == 0 ? x : at(place(index)); }
  float* grad(int index) const {
    return index == 0 ? x_grad : grads + place(index) * samplers::kLanes;
  }
  /// What a tangent is multiplied by: a value of the context, or what an operation has saved.
  const float* factor(std::int64_t offset) const {
    return (values == nullptr ? work : values) + offset * samplers::kLanes;
  }

  /// Whether the gradient of a value is multiplied by the derivative of its activation.
  bool multiplies(const PlanValue& value) const {
    return value.derivative >= 0 && !(leaves_smooth && value.is_smooth);
  }

  /// How the gradient that reaches an input is stored.
  TileEnd end_of(const PlanInput& input) const {
    const PlanValue& to = info(input.value);
    const bool is_multiplied = input.finishes && multiplies(to);
    return {.bias = nullptr,
            .derivative = is_multiplied ? at(to.derivative) : nullptr,
            .adds = input.adds};
  }

  void forward(std::size_t index) const;
  /// Without the activation.
  /// @param is_tangent  whether the values are derivatives along a direction of the input, in which
  ///                    a bias has no part; not for networks with batch norms
  void apply(std::size_t index, bool is_tangent) const;
  /// The gradient of the result itself. @param seed  [16]
  void start_backward(const float* seed) const;
  void backward(std::size_t index) const;
};

}  // namespace ebm::nets
