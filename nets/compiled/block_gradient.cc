#include "nets/compiled/block_gradient.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "base/interruption.h"
#include "nets/compiled/avx512_bf16.h"
#include "samplers/chain_block.h"

namespace ebm::nets {
using samplers::kLanes;

bool is_learned_scale(const PlanOp& op) {
  return op.kind == PlanOpKind::kScaleShift && op.norm_epsilon == 0.0;
}

std::int64_t n_weights(const PlanOp& op) {
  if (is_learned_scale(op)) return op.out_shape.channels;
  if (op.kind == PlanOpKind::kTableRows) return op.in_shape.channels * op.out_shape.channels;
  if (op.kind != PlanOpKind::kProduct) return 0;
  return op.in_shape.channels * op.out_shape.channels * op.conv.kernel_height *
         op.conv.kernel_width;
}

std::int64_t n_biases(const PlanOp& op) {
  if (is_learned_scale(op)) return op.channel_scale.bias ? op.out_shape.channels : 0;
  return op.kind == PlanOpKind::kProduct && op.conv.bias ? op.out_shape.channels : 0;
}

std::int64_t n_weights(const Plan& plan) {
  std::int64_t n = 0;
  for (const PlanOp& op : plan.ops) n += n_weights(op) + n_biases(op);
  return n;
}

LayerWeights to_layer_weights(const Plan& plan, const float* gradient) {
  LayerWeights weights;
  for (const PlanOp& op : plan.ops) {
    const auto append = [&](std::int64_t size) {
      if (size == 0) return;
      weights.emplace_back(gradient, gradient + size);
      gradient += size;
    };
    for (std::int64_t i = 0; i < op.n_tables; ++i) append(n_weights(op) / op.n_tables);
    append(n_biases(op));
  }
  return weights;
}

NeededGradients needed_gradients(const Plan& plan) {
  NeededGradients needed(plan.values.size(), false);
  for (const PlanOp& op : plan.ops) {
    needed[static_cast<std::size_t>(op.out)] = n_weights(op) > 0 || is_needed(op, needed);
  }
  return needed;
}

bool is_needed(const PlanOp& op, const NeededGradients& needed) {
  for (const PlanInput* input : {&op.in, &op.second, &op.third}) {
    if (input->value >= 0 && needed[static_cast<std::size_t>(input->value)]) return true;
  }
  return false;
}

ProductOperands::ProductOperands(const Plan& plan, WorkspacePool& pool, std::size_t max_products) {
  if (plan.precision == Precision::kFloat32) return;
  std::int64_t in_size = 0, out_size = 0, n_most = 0;
  for (const PlanOp& op : plan.ops) {
    if (op.kind != PlanOpKind::kProduct) continue;
    in_size = std::max(in_size, op.in_shape.size());
    out_size = std::max(out_size, op.out_shape.size());
    n_most = std::max(n_most, n_weights(op));
  }
  for (std::size_t i = 0; i < max_products; ++i) {
    x_[i] = pool.take(static_cast<std::size_t>(in_size * kLanes));
    g_[i] = pool.take(static_cast<std::size_t>(out_size * kLanes));
  }
  if (max_products > 1) more_ = pool.take(static_cast<std::size_t>(n_most));
}

void bf16_gradient(const PlanOp& op, std::span<const OuterProduct> products,
                   ProductOperands& operands, float* weight) {
  const std::int64_t n_out = op.conv.out_channels;
  const std::int64_t n_in = (op.transposed ? op.out_shape : op.in_shape).channels;
  const auto n_taps = static_cast<std::int64_t>(op.taps.size());
  for (std::size_t i = 0; i < products.size(); ++i) {
    auto* x = reinterpret_cast<std::uint16_t*>(operands.x(i));
    auto* g = reinterpret_cast<std::uint16_t*>(operands.g(i));
    make_halves_avx512(products[i].x, op.in_shape.size(), x);
    make_halves_avx512(products[i].g, op.out_shape.size(), g);
    if (op.transposed) std::swap(x, g);
    float* const sums = i == 0 ? weight : operands.more();
    for (std::int64_t tap = 0; tap < n_taps; ++tap) {
      base::throw_if_interrupted();
      tap_gradient_avx512(op.taps[static_cast<std::size_t>(tap)], x, g, n_out, n_in, n_in * n_taps,
                          n_taps, sums + tap);
    }
    if (i == 0) continue;
    for (std::int64_t k = 0; k < n_weights(op); ++k) weight[k] += sums[k];
  }
}

std::int64_t n_rows_of(const Rows& rows, const Plan& plan) {
  const std::int64_t dim = plan.values[0].size;
  const std::int64_t n = std::ssize(rows.x) / dim;
  samplers::require_size(rows.x.size(), std::max<std::int64_t>(n, 1) * dim, "the rows");
  require_context(plan, rows.context, n);
  return n;
}

void load_block(std::span<const float> rows, std::int64_t width, std::int64_t block, float* lanes) {
  if (width == 0) return;
  const std::int64_t last = std::ssize(rows) / width - 1;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    const float* row = rows.data() + std::min(block * kLanes + lane, last) * width;
    for (std::int64_t i = 0; i < width; ++i) lanes[i * kLanes + lane] = row[i];
  }
}

}  // namespace ebm::nets
