#include "nets/gradients/mixed_gradient.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/float_mode.h"
#include "base/interruption.h"
#include "base/parallel.h"
#include "nets/compiled/block_gradient.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/workspace_pool.h"
#include "nets/gradients/tree_sum.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/chain_block.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nets/gradients/mixed_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "nets/compiled/activation-inl.h"
#include "nets/compiled/attention-inl.h"
#include "nets/compiled/group_norm-inl.h"
#include "nets/compiled/input_energy-inl.h"
#include "nets/compiled/modulation-inl.h"
#include "nets/compiled/plan_ops.h"
#include "nets/gradients/product_gradient-inl.h"

#ifndef EBM_NETS_MIXED_GRADIENT_CC_ONCE_
#define EBM_NETS_MIXED_GRADIENT_CC_ONCE_
namespace ebm::nets {

/// What the plan alone says of the passes.
struct MixedPasses {
  /// @param moves  whether the tangent goes along the noise level, too
  MixedPasses(const Plan& plan, bool moves) : needed(needed_gradients(plan)), moves_level(moves) {
    for (std::size_t i = 0; i < plan.ops.size(); ++i) {
      const PlanOp& op = plan.ops[i];
      const auto out = static_cast<std::size_t>(op.out);
      const bool is_curved = op.kind == PlanOpKind::kNormalise || op.kind == PlanOpKind::kAttend;
      if ((plan.values[out].is_smooth || is_curved) && needed[out]) n_curved = i + 1;
    }
    // Values of the context have a gradient wherever they are, and what goes with the network's
    // input changes with it.
    const bool has_products = std::ranges::any_of(
        plan.ops, [](const PlanOp& op) { return op.kind == PlanOpKind::kInputEnergy; });
    if (plan.context_dim > 0 || has_products) n_curved = plan.ops.size();
  }
  /// Whether the result of an operation stays as it is along the tangent, whatever x does.
  bool is_still(const PlanOp& op) const { return op.of_context && !moves_level; }
  NeededGradients needed;
  std::size_t n_curved = 0;  ///< of the results of operations behind so many p is 0
  bool moves_level;
};

/// Memory of one thread: of the size of the input, and laid out as the workspace of the plan.
struct MixedScratch {
  MixedScratch(const CompiledNet& net, const MixedPasses& passes)
      : operands(net.plan(), net.workspaces(), /*max_products=*/2) {
    const auto input = static_cast<std::size_t>(net.dim() * samplers::kLanes);
    const auto workspace = static_cast<std::size_t>(net.plan().workspace * samplers::kLanes);
    for (auto* each : {&x, &direction, &x_grad}) *each = net.workspaces().take(input);
    for (auto* each : {&values, &gradients, &tangents}) *each = net.workspaces().take(workspace);
    context.resize(static_cast<std::size_t>(net.context_dim() * samplers::kLanes));
    if (passes.n_curved > 0) tangent_gradients = net.workspaces().take(workspace);
  }
  base::FlushDenormals flush;
  WorkspacePool::Lease x, direction;  ///< v
  base::AlignedVector<float> context;
  /// c and w of each chain, where the level moves.
  alignas(64) float energy_factor[samplers::kLanes] = {};
  alignas(64) float level_factor[samplers::kLanes] = {};
  WorkspacePool::Lease x_grad;  ///< ∇E, then the gradient of v·∇E, which is not used
  WorkspacePool::Lease values;  ///< a, and f'(y) in the places of derivatives
  /// q, and in those places f''(y), f''·q', f''·ẏ·q'; in the places of shares of attention M.
  WorkspacePool::Lease gradients;
  WorkspacePool::Lease tangents;           ///< ȧ
  WorkspacePool::Lease tangent_gradients;  ///< p
  ProductOperands operands;
};

}  // namespace ebm::nets
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

HWY_INLINE float* lanes_at(WorkspacePool::Lease& memory, std::int64_t offset) {
  return memory.data() + offset * kLanes;
}

// q' -> q = f'·q', and f'' -> f''·q'.
void split_gradient(const PlanValue& value, MixedScratch& scratch) {
  const float* HWY_RESTRICT slope = lanes_at(scratch.values, value.derivative);
  float* HWY_RESTRICT curvature = lanes_at(scratch.gradients, value.derivative);
  float* HWY_RESTRICT gradient = lanes_at(scratch.gradients, value.offset);
  for (std::int64_t i = 0; i < value.size * kLanes; i += kLanes) {
    const Lanes q = lanes::load_lanes(gradient + i);
    lanes::store_lanes(lanes::load_lanes(curvature + i) * q, curvature + i);
    lanes::store_lanes(lanes::load_lanes(slope + i) * q, gradient + i);
  }
}

// ẏ -> ȧ = f'·ẏ, and f''·q' -> f''·ẏ·q'.
void activate_tangent(const PlanValue& value, MixedScratch& scratch) {
  const float* HWY_RESTRICT slope = lanes_at(scratch.values, value.derivative);
  float* HWY_RESTRICT curvature = lanes_at(scratch.gradients, value.derivative);
  float* HWY_RESTRICT tangent = lanes_at(scratch.tangents, value.offset);
  for (std::int64_t i = 0; i < value.size * kLanes; i += kLanes) {
    const Lanes t = lanes::load_lanes(tangent + i);
    if (value.is_smooth) {
      lanes::store_lanes(lanes::load_lanes(curvature + i) * t, curvature + i);
    }
    lanes::store_lanes(lanes::load_lanes(slope + i) * t, tangent + i);
  }
}

// f'·p' -> p = f'·p' + f''·ẏ·q'.
void add_curvature(const PlanValue& value, MixedScratch& scratch) {
  const float* HWY_RESTRICT curvature = lanes_at(scratch.gradients, value.derivative);
  float* HWY_RESTRICT gradient = lanes_at(scratch.tangent_gradients, value.offset);
  for (std::int64_t i = 0; i < value.size * kLanes; i += kLanes) {
    lanes::store_lanes(lanes::load_lanes(gradient + i) + lanes::load_lanes(curvature + i),
                       gradient + i);
  }
}

// ∂E/∂ln σ [16], of the gradients that the features of the levels have got.
void sum_level_slopes(const Plan& plan, const PlanOp& features, MixedScratch& scratch,
                      float* slope) {
  alignas(64) float ones[kLanes], slopes[kLevelFeatures * kLanes];
  std::fill_n(ones, kLanes, 1.0f);
  slopes_of_features(scratch.context.data() + (plan.context_dim - 1) * kLanes, ones, slopes);
  const PlanValue& value = plan.values[static_cast<std::size_t>(features.out)];
  lanes::store_lanes(dot(kLevelFeatures, slopes, lanes_at(scratch.gradients, value.offset),
                         lanes::all_lanes(0.0f)),
                     slope);
}

// The passes a and q of one block: energy [16], and ∇E.
// @param level_slope  ∂E/∂ln σ [16], where the level moves
void energy_passes(const CompiledNet& net, const MixedPasses& passes, MixedScratch& scratch,
                   float* energy, float* level_slope) {
  const Plan& plan = net.plan();
  const PlanRun run{.plan = plan,
                    .products = net.products(),
                    .x = scratch.x.data(),
                    .x_grad = scratch.x_grad.data(),
                    .work = scratch.values.data(),
                    .grads = scratch.gradients.data(),
                    .leaves_smooth = true,
                    .context = scratch.context.data()};
  for (std::size_t i = 0; i < plan.ops.size(); ++i) {
    base::throw_if_interrupted();
    const PlanOp& op = plan.ops[i];
    run.apply(i, /*is_tangent=*/false);
    if (!op.activation) continue;
    const PlanValue& out = run.info(op.out);
    activate_twice(*op.activation, out.size, run.at(out.offset), run.at(out.derivative),
                   lanes_at(scratch.gradients, out.derivative));
  }
  lanes::store_lanes(lanes::load_lanes(run.value(plan.ops.back().out)), energy);
  alignas(64) float ones[kLanes];
  std::fill_n(ones, kLanes, 1.0f);
  run.start_backward(ones);
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    if (passes.is_still(plan.ops[i])) continue;
    const PlanValue& out = run.info(plan.ops[i].out);
    if (out.is_smooth) split_gradient(out, scratch);
    run.backward(i);
    if (passes.moves_level && plan.ops[i].kind == PlanOpKind::kLevelFeatures) {
      sum_level_slopes(plan, plan.ops[i], scratch, level_slope);
    }
  }
}

// ẏ of an operation, without its activation.
void apply_tangent(std::size_t index, const MixedPasses& passes, const PlanRun& run,
                   MixedScratch& scratch) {
  const PlanOp& op = run.plan.ops[index];
  float* out = run.at(run.place(op.out));
  if (op.kind == PlanOpKind::kTableRows) {  // labels do not move
    std::fill_n(out, op.out_shape.size() * kLanes, 0.0f);
  } else if (op.kind == PlanOpKind::kLevelFeatures) {
    slopes_of_features(scratch.context.data() + (run.plan.context_dim - 1) * kLanes,
                       scratch.level_factor, out);
  } else {
    run.apply(index, /*is_tangent=*/true);
  }
  if (op.kind == PlanOpKind::kFilm && passes.moves_level) {
    const float* x = op.in.value == 0 ? scratch.x.data()
                                      : lanes_at(scratch.values, run.info(op.in.value).offset);
    add_film_tangent(op, run.value(op.second.value), x, out);
  }
}

// The pass ȧ, along the direction: v·∇E [16], or v·∇E + w·∂E/∂ln σ.
PlanRun tangent_pass(const CompiledNet& net, const MixedPasses& passes, MixedScratch& scratch,
                     float* directional_derivative) {
  const Plan& plan = net.plan();
  const PlanRun run{.plan = plan,
                    .products = net.products(),
                    .x = scratch.direction.data(),
                    .x_grad = nullptr,
                    .work = scratch.tangents.data(),
                    .grads = nullptr,
                    .values = scratch.values.data()};
  for (std::size_t i = 0; i < plan.ops.size(); ++i) {
    base::throw_if_interrupted();
    if (passes.is_still(plan.ops[i])) continue;
    apply_tangent(i, passes, run, scratch);
    if (plan.ops[i].activation) activate_tangent(run.info(plan.ops[i].out), scratch);
  }
  lanes::store_lanes(lanes::load_lanes(run.value(plan.ops.back().out)), directional_derivative);
  return run;
}

// One step of the pass p: from the result of an operation to its inputs.
void backward_from(std::size_t index, const MixedPasses& passes, const PlanRun& tangent,
                   const PlanRun& reverse, MixedScratch& scratch) {
  const PlanOp& op = reverse.plan.ops[index];
  if (!is_needed(op, passes.needed)) return;
  if (op.kind == PlanOpKind::kFilm && passes.moves_level) {
    return moving_film_backward(reverse, op, reverse.grad(op.out),
                                lanes_at(scratch.gradients, reverse.info(op.out).offset),
                                tangent.value(op.second.value));
  }
  if (op.kind == PlanOpKind::kInputEnergy) {
    return moving_input_energy_backward(reverse, op, reverse.grad(op.out),
                                        lanes_at(scratch.gradients, reverse.info(op.out).offset),
                                        tangent.value(op.in.value), tangent.value(op.second.value));
  }
  if (op.kind == PlanOpKind::kNormalise) {
    return moving_normalise_backward(reverse, op, reverse.grad(op.out),
                                     lanes_at(scratch.gradients, reverse.info(op.out).offset),
                                     tangent.value(op.in.value));
  }
  if (op.kind == PlanOpKind::kAttend) {
    return moving_attend_backward(
        reverse, op, reverse.grad(op.out), lanes_at(scratch.gradients, reverse.info(op.out).offset),
        lanes_at(scratch.gradients, op.saved), tangent.value(op.in.value), tangent.at(op.saved));
  }
  if (index < passes.n_curved) return reverse.backward(index);
  for (const PlanInput* input : {&op.in, &op.second, &op.third}) {
    if (input->value > 0 && !input->adds) {
      std::fill_n(reverse.grad(input->value), reverse.info(input->value).size * kLanes, 0.0f);
    }
  }
}

// The passes ȧ and p, after energy_passes(): v·∇E [16], and the gradient of its sum over chains.
// @param gradient  [all weights], in their order
void mixed_passes(const CompiledNet& net, const MixedPasses& passes, MixedScratch& scratch,
                  float* directional_derivative, WorkspacePool::Lease& gradient) {
  const Plan& plan = net.plan();
  const PlanRun tangent = tangent_pass(net, passes, scratch, directional_derivative);
  const PlanRun reverse{.plan = plan,
                        .products = net.products(),
                        .x = scratch.x.data(),
                        .x_grad = scratch.x_grad.data(),
                        .work = scratch.values.data(),
                        .grads = scratch.tangent_gradients.data(),
                        .context = scratch.context.data()};
  if (passes.moves_level) {
    reverse.start_backward(scratch.energy_factor);
  } else if (passes.n_curved > 0) {
    lanes::store_lanes(lanes::all_lanes(0.0f), reverse.grad(plan.ops.back().out));
  }
  float* next = gradient.data() + gradient.size();
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    const PlanOp& op = plan.ops[i];
    const PlanValue& out = reverse.info(op.out);
    const bool has_p = i < passes.n_curved;
    if (has_p && out.is_smooth && !passes.is_still(op)) add_curvature(out, scratch);
    if (op.kind == PlanOpKind::kTableRows) {
      next -= n_weights(op);
      table_gradient(op, reverse.context, reverse.grad(op.out), next);
    } else if (n_weights(op) > 0) {
      const float* p = has_p ? reverse.grad(op.out) : nullptr;
      const OuterProduct products[] = {
          {tangent.value(op.in.value), lanes_at(scratch.gradients, out.offset)},
          {reverse.value(op.in.value), p}};
      const std::size_t first = passes.is_still(op) ? 1 : 0, last = has_p ? 2 : 1;
      next -= n_biases(op);
      if (n_biases(op) > 0 && has_p) bias_gradient(op, p, next);
      if (!has_p) std::fill_n(next, n_biases(op), 0.0f);
      next -= n_weights(op);
      weights_gradient(op, plan, {products + first, last - first}, scratch.operands, next);
    }
    if (passes.n_curved > 0) backward_from(i, passes, tangent, reverse, scratch);
    if (op.in.value >= 0) {
      add_condition_terms(op, lanes_at(scratch.gradients, out.offset), tangent.value(op.in.value),
                          reverse);
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::nets {
HWY_EXPORT(energy_passes);
HWY_EXPORT(mixed_passes);
namespace {
using samplers::kLanes;

/// Row `lane` of a block in lanes.
void get_row(const float* block, std::int64_t lane, std::span<float> row) {
  for (std::size_t d = 0; d < row.size(); ++d)
    row[d] = block[static_cast<std::int64_t>(d) * kLanes + lane];
}

void set_row(std::span<const float> row, std::int64_t lane, float* block) {
  for (std::size_t d = 0; d < row.size(); ++d)
    block[static_cast<std::int64_t>(d) * kLanes + lane] = row[d];
}

MixedGradient gradient_along(const CompiledNet& net, const Rows& rows, bool moves_level,
                             const LevelDirection& direction, int n_threads) {
  require_weight_gradient(net.plan(), "the network");
  const std::int64_t dim = net.dim(), n = n_rows_of(rows, net.plan());
  const MixedPasses passes(net.plan(), moves_level);
  const auto n_all = static_cast<std::size_t>(n_weights(net.plan()));
  const std::int64_t n_blocks = (n + kLanes - 1) / kLanes;
  MixedGradient result{.energies = std::vector<float>(static_cast<std::size_t>(n)),
                       .energy_grads = std::vector<float>(rows.x.size()),
                       .directional_derivatives = std::vector<float>(static_cast<std::size_t>(n)),
                       .gradient = {}};
  TreeSum sum(n_blocks);
  const auto gradient_of_block = [&](std::int64_t block, MixedScratch& scratch) {
    alignas(64) float energy[kLanes], level_slope[kLanes] = {}, derivative[kLanes];
    const std::int64_t first = block * kLanes, n_rows = std::min(kLanes, n - first);
    load_block(rows.x, dim, block, scratch.x.data());
    load_block(rows.context, net.context_dim(), block, scratch.context.data());
    HWY_DYNAMIC_DISPATCH(energy_passes)(net, passes, scratch, energy, level_slope);
    // The directions and factors of the copies that fill a ragged last block stay 0, so that these
    // do not count.
    std::fill_n(scratch.direction.data(), scratch.direction.size(), 0.0f);
    std::fill_n(scratch.energy_factor, kLanes, 0.0f);
    std::fill_n(scratch.level_factor, kLanes, 0.0f);
    std::vector<float> v(static_cast<std::size_t>(dim));
    for (std::int64_t lane = 0; lane < n_rows; ++lane) {
      const auto grad = std::span(result.energy_grads)
                            .subspan(static_cast<std::size_t>((first + lane) * dim), v.size());
      get_row(scratch.x_grad.data(), lane, grad);
      std::fill(v.begin(), v.end(), 0.0f);
      const LevelFactors factors =
          direction(first + lane, energy[lane], level_slope[lane], grad, v);
      scratch.energy_factor[lane] = factors.energy;
      scratch.level_factor[lane] = factors.level_slope;
      set_row(v, lane, scratch.direction.data());
    }
    WorkspacePool::Lease gradient = net.workspaces().take(n_all);
    HWY_DYNAMIC_DISPATCH(mixed_passes)(net, passes, scratch, derivative, gradient);
    sum.add(block, std::move(gradient));
    std::copy_n(energy, n_rows, result.energies.begin() + static_cast<std::ptrdiff_t>(first));
    std::copy_n(derivative, n_rows,
                result.directional_derivatives.begin() + static_cast<std::ptrdiff_t>(first));
  };
  base::parallel_for(
      n_blocks, n_threads, [&] { return std::make_unique<MixedScratch>(net, passes); },
      gradient_of_block);
  result.gradient = to_layer_weights(net.plan(), sum.sum().data());
  return result;
}

}  // namespace

MixedGradient mixed_gradient(const CompiledNet& net, const Rows& rows, const Direction& direction,
                             int n_threads) {
  const auto of_x = [&](std::int64_t row, float, float, std::span<const float> energy_grad,
                        std::span<float> v) -> LevelFactors {
    direction(row, energy_grad, v);
    return {};
  };
  return gradient_along(net, rows, /*moves_level=*/false, of_x, n_threads);
}

MixedGradient level_gradient(const CompiledNet& net, const Rows& rows,
                             const LevelDirection& direction, int n_threads) {
  if (!net.plan().noise_level) {
    throw Error(ErrorCode::kUsage, "the network reads no noise level, by which to differentiate");
  }
  return gradient_along(net, rows, /*moves_level=*/true, direction, n_threads);
}

}  // namespace ebm::nets
#endif
