#include "nets/gradients/curvature_gradient.h"

#include <algorithm>
#include <memory>
#include <string>
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
#define HWY_TARGET_INCLUDE "nets/gradients/curvature_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "nets/compiled/activation-inl.h"
#include "nets/compiled/modulation-inl.h"
#include "nets/compiled/plan_ops.h"
#include "nets/gradients/product_gradient-inl.h"

#ifndef EBM_NETS_CURVATURE_GRADIENT_CC_ONCE_
#define EBM_NETS_CURVATURE_GRADIENT_CC_ONCE_
namespace ebm::nets {

/// Memory of one thread. Those of the size of the workspace are laid out as the plan's.
struct CurvatureScratch {
  explicit CurvatureScratch(const CompiledNet& net)
      : operands(net.plan(), net.workspaces(), /*max_products=*/3) {
    const auto input = static_cast<std::size_t>(net.dim() * samplers::kLanes);
    const auto workspace = static_cast<std::size_t>(net.plan().workspace * samplers::kLanes);
    for (auto* each : {&x, &direction, &zeros, &x_grad}) *each = net.workspaces().take(input);
    std::fill_n(zeros.data(), input, 0.0f);
    for (auto* each : {&values, &firsts, &seconds, &q0, &q1, &q2}) {
      *each = net.workspaces().take(workspace);
    }
    context.resize(static_cast<std::size_t>(net.context_dim() * samplers::kLanes));
  }
  base::FlushDenormals flush;
  WorkspacePool::Lease x, direction, zeros;  ///< x, ẋ = v, ẍ = 0
  WorkspacePool::Lease x_grad;               ///< not used
  base::AlignedVector<float> context;
  WorkspacePool::Lease values;      ///< a, and f'(y) in the places of derivatives
  WorkspacePool::Lease firsts;      ///< ȧ, and ẏ in those places
  WorkspacePool::Lease seconds;     ///< ä, and ÿ
  WorkspacePool::Lease q0, q1, q2;  ///< and nothing, f'''(y), f''(y)
  ProductOperands operands;
};

}  // namespace ebm::nets
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// f'''(x), given x, y = f(x), f'(x) and f''(x).

// s(1 − s)·(3(1 − 2s) + x·(1 − 6s(1 − s))), s = σ(x); s(1 − s) = e·r² and 1 − 2s = ∓(1 − e)·r by
// e = e^−|x|, r = 1/(1 + e).
HWY_INLINE Lanes third_derivative(const Silu&, const Lanes& x, const Lanes&, const Lanes&,
                                  const Lanes&) {
  const Lanes one = lanes::all_lanes(1.0f), zero = lanes::all_lanes(0.0f);
  const Lanes e = lanes::exp_of_nonpositive(-lanes::abs_lanes(x));
  const Lanes r = reciprocal_of_1_to_2(one + e);
  const Lanes spread = e * r * r, size = (one - e) * r;
  const Lanes odd = lanes::select_greater(zero, x, size, -size);
  const Lanes even = lanes::neg_mul_add(lanes::all_lanes(6.0f), spread, one);
  return spread * lanes::mul_add(lanes::all_lanes(3.0f), odd, x * even);
}

// α·eˣ below 0, and 0 above.
HWY_INLINE Lanes third_derivative(const Elu&, const Lanes&, const Lanes&, const Lanes&,
                                  const Lanes& second) {
  return second;
}

// β²·s(1 − s)(1 − 2s), s = σ(βx).
HWY_INLINE Lanes third_derivative(const Softplus& f, const Lanes& x, const Lanes&, const Lanes&,
                                  const Lanes& second) {
  const Lanes one = lanes::all_lanes(1.0f), zero = lanes::all_lanes(0.0f);
  const Lanes beta = lanes::all_lanes(f.beta);
  const Lanes e = lanes::exp_of_nonpositive(-lanes::abs_lanes(x * beta));
  const Lanes size = (one - e) * reciprocal_of_1_to_2(one + e);
  return beta * second * lanes::select_greater(zero, x, size, -size);
}

// (1 − y²)·(6y² − 2).
HWY_INLINE Lanes third_derivative(const Tanh&, const Lanes&, const Lanes& y, const Lanes& slope,
                                  const Lanes&) {
  const Lanes six = lanes::all_lanes(6.0f), two = lanes::all_lanes(2.0f);
  return slope * (six * y * y - two);
}

HWY_INLINE float* place_in(WorkspacePool::Lease& memory, std::int64_t offset) {
  return memory.data() + offset * kLanes;
}

// Memory of one activation's result: y and what is made of it.
struct ActivatedPlaces {
  std::int64_t n;  // values
  float *HWY_RESTRICT value, *HWY_RESTRICT slope;
  float *HWY_RESTRICT first, *HWY_RESTRICT first_before;    // ȧ, ẏ
  float *HWY_RESTRICT second, *HWY_RESTRICT second_before;  // ä, ÿ
  float *HWY_RESTRICT curvature, *HWY_RESTRICT third;       // f'', f'''
};

ActivatedPlaces places_of(const PlanValue& value, CurvatureScratch& scratch) {
  const auto at = [&](WorkspacePool::Lease& memory) { return place_in(memory, value.offset); };
  const auto of = [&](WorkspacePool::Lease& memory) { return place_in(memory, value.derivative); };
  return {value.size,          at(scratch.values), of(scratch.values),
          at(scratch.firsts),  of(scratch.firsts), at(scratch.seconds),
          of(scratch.seconds), of(scratch.q2),     of(scratch.q1)};
}

// y, ẏ, ÿ -> a, ȧ, ä, with f', f'', f''' and ẏ, ÿ kept.
template <class F>
HWY_INLINE void activate_thrice(const F& f, const ActivatedPlaces& at) {
  for (std::int64_t i = 0; i < at.n * kLanes; i += kLanes) {
    const Lanes y = lanes::load_lanes(at.value + i);
    const Lanes first = lanes::load_lanes(at.first + i);
    const Lanes second = lanes::load_lanes(at.second + i);
    Lanes value, slope;
    f(y, value, slope);
    const Lanes bend = curvature(f, y, value, slope);
    lanes::store_lanes(value, at.value + i);
    lanes::store_lanes(slope, at.slope + i);
    lanes::store_lanes(bend, at.curvature + i);
    lanes::store_lanes(third_derivative(f, y, value, slope, bend), at.third + i);
    lanes::store_lanes(first, at.first_before + i);
    lanes::store_lanes(second, at.second_before + i);
    lanes::store_lanes(slope * first, at.first + i);
    lanes::store_lanes(lanes::mul_add(bend * first, first, slope * second), at.second + i);
  }
}

void activate_smooth(const Activation& activation, const ActivatedPlaces& at) {
  const auto parameter = static_cast<float>(activation.parameter);
  switch (activation.kind) {
    case ActivationKind::kSilu:
      return activate_thrice(Silu{}, at);
    case ActivationKind::kElu:
      return activate_thrice(Elu{parameter}, at);
    case ActivationKind::kSoftplus:
      return activate_thrice(Softplus{parameter}, at);
    case ActivationKind::kTanh:
      return activate_thrice(Tanh{}, at);
    case ActivationKind::kRelu:
    case ActivationKind::kLeakyRelu:
    case ActivationKind::kScale:
      return;  // not smooth: activate()
  }
}

// Where f is piecewise linear: ȧ = f'ẏ and ä = f'ÿ.
void scale_derivatives(const ActivatedPlaces& at) {
  for (std::int64_t i = 0; i < at.n * kLanes; i += kLanes) {
    const Lanes slope = lanes::load_lanes(at.slope + i);
    lanes::store_lanes(slope * lanes::load_lanes(at.first + i), at.first + i);
    lanes::store_lanes(slope * lanes::load_lanes(at.second + i), at.second + i);
  }
}

// q' at a', ȧ', ä' -> q at y, ẏ, ÿ.
void through_activation(const PlanValue& value, CurvatureScratch& scratch) {
  const ActivatedPlaces at = places_of(value, scratch);
  float* HWY_RESTRICT q0 = place_in(scratch.q0, value.offset);
  float* HWY_RESTRICT q1 = place_in(scratch.q1, value.offset);
  float* HWY_RESTRICT q2 = place_in(scratch.q2, value.offset);
  const Lanes two = lanes::all_lanes(2.0f);
  for (std::int64_t i = 0; i < at.n * kLanes; i += kLanes) {
    const Lanes slope = lanes::load_lanes(at.slope + i);
    const Lanes bend = lanes::load_lanes(at.curvature + i);
    const Lanes first = lanes::load_lanes(at.first_before + i);
    const Lanes second = lanes::load_lanes(at.second_before + i);
    const Lanes third = lanes::load_lanes(at.third + i);
    const Lanes of_value = lanes::load_lanes(q0 + i), of_first = lanes::load_lanes(q1 + i);
    const Lanes of_second = lanes::load_lanes(q2 + i);
    const Lanes bent = bend * first;
    const Lanes both = lanes::mul_add(third * first, first, bend * second);
    lanes::store_lanes(
        lanes::mul_add(both, of_second, lanes::mul_add(bent, of_first, slope * of_value)), q0 + i);
    lanes::store_lanes(lanes::mul_add(two * bent, of_second, slope * of_first), q1 + i);
    lanes::store_lanes(slope * of_second, q2 + i);
  }
}

// Of a value of the context, which does not move: q₀ = f'q₀'.
void through_still_activation(const PlanValue& value, CurvatureScratch& scratch) {
  const float* HWY_RESTRICT slope = place_in(scratch.values, value.derivative);
  float* HWY_RESTRICT q0 = place_in(scratch.q0, value.offset);
  for (std::int64_t i = 0; i < value.size * kLanes; i += kLanes) {
    lanes::store_lanes(lanes::load_lanes(slope + i) * lanes::load_lanes(q0 + i), q0 + i);
  }
}

// The three runs of one direction: of values and their derivatives along v, or of the gradients.
struct CurvatureRuns {
  PlanRun of[3];
  CurvatureRuns(const CompiledNet& net, CurvatureScratch& scratch)
      : of{run(net, scratch, scratch.values, scratch.q0, scratch.x),
           run(net, scratch, scratch.firsts, scratch.q1, scratch.direction),
           run(net, scratch, scratch.seconds, scratch.q2, scratch.zeros)} {}

  static PlanRun run(const CompiledNet& net, CurvatureScratch& scratch, WorkspacePool::Lease& work,
                     WorkspacePool::Lease& grads, WorkspacePool::Lease& x) {
    return {.plan = net.plan(),
            .products = net.products(),
            .x = x.data(),
            .x_grad = scratch.x_grad.data(),
            .work = work.data(),
            .grads = grads.data(),
            .leaves_smooth = true,
            .context = scratch.context.data(),
            .values = scratch.values.data()};
  }
  // The gradients take values and slopes from the pass of the values.
  PlanRun backward(CurvatureScratch& scratch, int order) const {
    PlanRun run = of[order];
    run.x = scratch.x.data();
    run.work = scratch.values.data();
    return run;
  }
};

// The passes a, ȧ and ä of one block: E, v·∇E and vᵀ∇²Ev, each [16].
void curvature_forward(const CompiledNet& net, CurvatureScratch& scratch, float* energy,
                       float* slope, float* bend) {
  const Plan& plan = net.plan();
  const CurvatureRuns runs(net, scratch);
  for (std::size_t i = 0; i < plan.ops.size(); ++i) {
    base::throw_if_interrupted();
    const PlanOp& op = plan.ops[i];
    if (op.of_context) {
      runs.of[0].forward(i);
      continue;
    }
    for (int order = 0; order < 3; ++order) runs.of[order].apply(i, /*is_tangent=*/order > 0);
    if (!op.activation) continue;
    const PlanValue& out = runs.of[0].info(op.out);
    const ActivatedPlaces places = places_of(out, scratch);
    if (out.is_smooth) {
      activate_smooth(*op.activation, places);
    } else {
      activate(*op.activation, out.size, places.value, places.slope);
      scale_derivatives(places);
    }
  }
  float* results[] = {energy, slope, bend};
  for (int order = 0; order < 3; ++order) {
    lanes::store_lanes(lanes::load_lanes(runs.of[order].value(plan.ops.back().out)),
                       results[order]);
  }
}

// The passes q₂, q₁ and q₀.
// @param factor    [16], of the curvature of each chain
// @param gradient  [all weights], in their order
void curvature_backward(const CompiledNet& net, const float* factor, const NeededGradients& needed,
                        CurvatureScratch& scratch, WorkspacePool::Lease& gradient) {
  const Plan& plan = net.plan();
  const CurvatureRuns runs(net, scratch);
  const PlanRun back[] = {runs.backward(scratch, 0), runs.backward(scratch, 1),
                          runs.backward(scratch, 2)};
  alignas(64) float zeros[kLanes] = {};
  back[2].start_backward(factor);
  for (int order = 0; order < 2; ++order) back[order].start_backward(zeros);
  float* next = gradient.data() + gradient.size();
  for (std::size_t i = plan.ops.size(); i-- > 0;) {
    base::throw_if_interrupted();
    const PlanOp& op = plan.ops[i];
    const PlanValue& out = back[0].info(op.out);
    if (out.is_smooth && op.of_context) through_still_activation(out, scratch);
    if (out.is_smooth && !op.of_context) through_activation(out, scratch);
    if (op.kind == PlanOpKind::kTableRows) {
      next -= n_weights(op);
      table_gradient(op, back[0].context, back[0].grad(op.out), next);
    } else if (n_weights(op) > 0) {
      OuterProduct products[3];
      for (int order = 0; order < 3; ++order) {
        products[order] = {runs.of[order].value(op.in.value), back[order].grad(op.out)};
      }
      next -= n_biases(op);
      if (n_biases(op) > 0) bias_gradient(op, back[0].grad(op.out), next);
      next -= n_weights(op);
      weights_gradient(op, plan, {products, op.of_context ? 1U : 3U}, scratch.operands, next);
    }
    if (!is_needed(op, needed)) continue;
    back[0].backward(i);
    if (op.of_context) continue;
    for (int order = 1; order < 3; ++order) {
      back[order].backward(i);
      if (op.in.value < 0) continue;
      add_condition_terms(op, back[order].grad(op.out), runs.of[order].value(op.in.value), back[0]);
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::nets {
HWY_EXPORT(curvature_forward);
HWY_EXPORT(curvature_backward);
namespace {
using samplers::kLanes;

/// What of a plan has no gradient of second derivatives; empty of an operation that has one.
std::string name_without_curvature(const PlanOp& op) {
  switch (op.kind) {
    case PlanOpKind::kClassLogits:
      return "class_logits";
    case PlanOpKind::kInputEnergy:
      return "an energy of the network's input";
    case PlanOpKind::kNormalise:
      return "group_norm";
    case PlanOpKind::kAttend:
      return "attention";
    default:
      return "";
  }
}

void require_curvature_gradient(const Plan& plan) {
  const std::string what = "the network";
  require_weight_gradient(plan, what);
  for (const PlanOp& op : plan.ops) {
    const std::string layer = name_without_curvature(op);
    if (layer.empty()) continue;
    throw Error(ErrorCode::kUsage, what + ": has " + layer +
                                       ", of which the compiled backend has no gradient of "
                                       "second derivatives");
  }
}

}  // namespace

CurvatureGradient curvature_gradient(const CompiledNet& net, const Rows& rows,
                                     std::span<const float> directions, float coefficient,
                                     int n_threads) {
  require_curvature_gradient(net.plan());
  const std::int64_t dim = net.dim(), n = n_rows_of(rows, net.plan());
  samplers::require_size(directions.size(), static_cast<std::int64_t>(rows.x.size()),
                         "the directions");
  const std::int64_t n_blocks = (n + kLanes - 1) / kLanes;
  const auto n_all = static_cast<std::size_t>(n_weights(net.plan()));
  const NeededGradients needed = needed_gradients(net.plan());
  const auto zeros = [&] { return std::vector<float>(static_cast<std::size_t>(n)); };
  CurvatureGradient result{
      .energies = zeros(), .slopes = zeros(), .curvatures = zeros(), .gradient = {}};
  TreeSum sum(n_blocks);
  const auto gradient_of_block = [&](std::int64_t block, CurvatureScratch& scratch) {
    alignas(64) float energy[kLanes], slope[kLanes], bend[kLanes], factor[kLanes] = {};
    load_block(rows.x, dim, block, scratch.x.data());
    load_block(directions, dim, block, scratch.direction.data());
    load_block(rows.context, net.context_dim(), block, scratch.context.data());
    HWY_DYNAMIC_DISPATCH(curvature_forward)(net, scratch, energy, slope, bend);
    // The copies that fill a ragged last block do not count.
    const std::int64_t first = block * kLanes, n_rows = std::min(kLanes, n - first);
    std::fill_n(factor, n_rows, coefficient);
    std::copy_n(energy, n_rows, result.energies.begin() + first);
    std::copy_n(slope, n_rows, result.slopes.begin() + first);
    std::copy_n(bend, n_rows, result.curvatures.begin() + first);
    WorkspacePool::Lease gradient = net.workspaces().take(n_all);
    HWY_DYNAMIC_DISPATCH(curvature_backward)(net, factor, needed, scratch, gradient);
    sum.add(block, std::move(gradient));
  };
  base::parallel_for(
      n_blocks, n_threads, [&] { return std::make_unique<CurvatureScratch>(net); },
      gradient_of_block);
  result.gradient = to_layer_weights(net.plan(), sum.sum().data());
  return result;
}

}  // namespace ebm::nets
#endif
