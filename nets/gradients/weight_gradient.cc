#include "nets/gradients/weight_gradient.h"

#include <algorithm>
#include <cstdint>
#include <memory>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/float_mode.h"
#include "base/interruption.h"
#include "base/parallel.h"
#include "nets/compiled/block_gradient.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/workspace_pool.h"
#include "nets/gradients/tree_sum.h"
#include "samplers/chain_block.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nets/gradients/weight_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "nets/compiled/plan_ops.h"
#include "nets/gradients/product_gradient-inl.h"

#ifndef EBM_NETS_WEIGHT_GRADIENT_CC_ONCE_
#define EBM_NETS_WEIGHT_GRADIENT_CC_ONCE_
namespace ebm::nets {

/// Memory of one thread: the rows of a block, values, their gradients, and the gradient of the
/// rows, which is not used.
struct GradientScratch {
  explicit GradientScratch(const CompiledNet& net)
      : operands(net.plan(), net.workspaces(), /*max_products=*/1) {
    const auto input = static_cast<std::size_t>(net.dim() * samplers::kLanes);
    const auto workspace = static_cast<std::size_t>(net.plan().workspace * samplers::kLanes);
    for (auto* each : {&x, &x_grad}) *each = net.workspaces().take(input);
    for (auto* each : {&work, &grads}) *each = net.workspaces().take(workspace);
    context.resize(static_cast<std::size_t>(net.context_dim() * samplers::kLanes));
  }
  base::FlushDenormals flush;
  WorkspacePool::Lease x, x_grad, work, grads;
  base::AlignedVector<float> context;
  ProductOperands operands;
};

}  // namespace ebm::nets
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

PlanRun run_of(const CompiledNet& net, GradientScratch& scratch) {
  return {.plan = net.plan(),
          .products = net.products(),
          .x = scratch.x.data(),
          .x_grad = scratch.x_grad.data(),
          .work = scratch.work.data(),
          .grads = scratch.grads.data(),
          .context = scratch.context.data()};
}

void block_forward(const CompiledNet& net, GradientScratch& scratch, float* energy) {
  const PlanRun run = run_of(net, scratch);
  for (std::size_t i = 0; i < net.plan().ops.size(); ++i) {
    base::throw_if_interrupted();
    run.forward(i);
  }
  lanes::store_lanes(lanes::load_lanes(run.value(net.plan().ops.back().out)), energy);
}

// The gradient of Σ c·E over the chains of the block that block_forward went through.
// @param gradient  [all weights], in their order
void block_backward(const CompiledNet& net, const float* coefficient, const NeededGradients& needed,
                    GradientScratch& scratch, WorkspacePool::Lease& gradient) {
  const Plan& plan = net.plan();
  const PlanRun run = run_of(net, scratch);
  run.start_backward(coefficient);
  float* next = gradient.data() + gradient.size();
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    const PlanOp& op = plan.ops[i];
    if (op.kind == PlanOpKind::kTableRows) {
      next -= n_weights(op);
      table_gradient(op, run.context, run.grad(op.out), next);
    } else if (n_weights(op) > 0) {
      const float* g = run.grad(op.out);
      next -= n_biases(op);
      if (n_biases(op) > 0) bias_gradient(op, g, next);
      next -= n_weights(op);
      const OuterProduct product{run.value(op.in.value), g};
      weights_gradient(op, plan, {&product, 1}, scratch.operands, next);
    }
    if (is_needed(op, needed)) run.backward(i);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::nets {
HWY_EXPORT(block_forward);
HWY_EXPORT(block_backward);
using samplers::kLanes;

void require_weight_gradient(const Plan& plan, const std::string& what) {
  for (const PlanOp& op : plan.ops) {
    if (op.norm_epsilon == 0.0) continue;
    throw Error(ErrorCode::kUsage,
                what + ": has batch norms, of which the compiled backend has no weight gradient");
  }
}

WeightGradient weight_gradient(
    const CompiledNet& net, const Rows& rows,
    const std::function<float(std::int64_t row, float energy)>& coefficient, int n_threads) {
  require_weight_gradient(net.plan(), "the network");
  const std::int64_t dim = net.dim(), n = n_rows_of(rows, net.plan());
  const std::int64_t n_blocks = (n + kLanes - 1) / kLanes;
  const auto n_all = static_cast<std::size_t>(n_weights(net.plan()));
  const NeededGradients needed = needed_gradients(net.plan());
  WeightGradient result{std::vector<float>(static_cast<std::size_t>(n)), {}};
  TreeSum sum(n_blocks);
  const auto gradient_of_block = [&](std::int64_t block, GradientScratch& scratch) {
    alignas(64) float energy[kLanes], factors[kLanes] = {};
    load_block(rows.x, dim, block, scratch.x.data());
    load_block(rows.context, net.context_dim(), block, scratch.context.data());
    HWY_DYNAMIC_DISPATCH(block_forward)(net, scratch, energy);
    // The copies that fill a ragged last block do not count.
    for (std::int64_t lane = 0; lane < std::min(kLanes, n - block * kLanes); ++lane) {
      const std::int64_t row = block * kLanes + lane;
      result.energies[static_cast<std::size_t>(row)] = energy[lane];
      factors[lane] = coefficient(row, energy[lane]);
    }
    WorkspacePool::Lease gradient = net.workspaces().take(n_all);
    HWY_DYNAMIC_DISPATCH(block_backward)(net, factors, needed, scratch, gradient);
    sum.add(block, std::move(gradient));
  };
  base::parallel_for(
      n_blocks, n_threads, [&] { return std::make_unique<GradientScratch>(net); },
      gradient_of_block);
  result.gradient = to_layer_weights(net.plan(), sum.sum().data());
  return result;
}

}  // namespace ebm::nets
#endif
