#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nets/architecture/layer_weights.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/rows.h"
#include "nets/compiled/workspace_pool.h"

namespace ebm::nets {

/// What gradients of weights have in common that are computed from blocks of 16 rows: a block's
/// gradient is one vector [n_weights(plan)], in the order of LayerWeights.

/// Whether it is a kScaleShift with weights of its own.
bool is_learned_scale(const PlanOp& op);

/// Sizes of what an operation has, weight (or tables) before bias; 0 where it has none.
std::int64_t n_weights(const PlanOp& op);
std::int64_t n_biases(const PlanOp& op);
std::int64_t n_weights(const Plan& plan);

/// That vector as a list of tensors.
LayerWeights to_layer_weights(const Plan& plan, const float* gradient);

/// For each value whether weights come before it, so that its gradient is needed.
using NeededGradients = std::vector<bool>;
NeededGradients needed_gradients(const Plan& plan);
/// Whether the gradient of an input of the operation is.
bool is_needed(const PlanOp& op, const NeededGradients& needed);

/// What a gradient of weights is a sum of: products of the values that a product multiplied, and of
/// gradients of its results, at all places.
struct OuterProduct {
  const float* x;
  const float* g;
};

/// Of the gradient of a second derivative.
inline constexpr std::size_t kMostProducts = 3;

/// Memory of one thread for such operands rounded to bfloat16; in float32 there is none.
class ProductOperands {
 public:
  /// @param max_products  the terms of a gradient, up to kMostProducts
  ProductOperands(const Plan& plan, WorkspacePool& pool, std::size_t max_products);
  float* x(std::size_t product) { return x_[product].data(); }
  float* g(std::size_t product) { return g_[product].data(); }
  float* more() { return more_.data(); }  ///< [n_weights(op)], of more than one product

 private:
  WorkspacePool::Lease x_[kMostProducts], g_[kMostProducts], more_;
};

/// The gradient of the weights of an operation of a plan with a unit of bfloat16: the sum over up
/// to kMostProducts products.
void bf16_gradient(const PlanOp& op, std::span<const OuterProduct> products,
                   ProductOperands& operands, float* weight);

/// Number of rows for the network of a plan.
/// @throws Error(kShape) unless they are a whole number, at least one, each with its context; what
///         require_context() throws.
std::int64_t n_rows_of(const Rows& rows, const Plan& plan);

/// Rows of a block side by side: [width, kLanes]. The last row fills a ragged block.
/// @param rows  [n, width]
void load_block(std::span<const float> rows, std::int64_t width, std::int64_t block, float* lanes);

}  // namespace ebm::nets
