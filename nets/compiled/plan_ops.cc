#include "nets/compiled/plan_ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nets/compiled/plan_ops.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "nets/compiled/activation-inl.h"
#include "nets/compiled/amx_bf16.h"
#include "nets/compiled/attention-inl.h"
#include "nets/compiled/avx512_bf16.h"
#include "nets/compiled/bf16-inl.h"
#include "nets/compiled/group_norm-inl.h"
#include "nets/compiled/input_energy-inl.h"
#include "nets/compiled/modulation-inl.h"
#include "nets/compiled/resize-inl.h"
#include "nets/compiled/tile_tasks-inl.h"
#include "nets/compiled/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// The sums of an operation of products, or of its transpose, of operands in the precision of the
// plan. @param in  like the input of the operation, or backwards like its result
void multiply(const PlanRun& run, std::size_t index, bool backwards, const float* HWY_RESTRICT in,
              const TileEnd& end, float* HWY_RESTRICT out) {
  const PlanOp& op = run.plan.ops[index];
  const PackedProduct& weights = run.products[index];
  float* scratch = run.at(run.plan.scratch);
  const bool rounds = run.plan.precision == Precision::kBfloat16;
  const auto& winograd = backwards ? op.backward_winograd : op.forward_winograd;
  const float* packed = (backwards ? weights.backward : weights.forward).data();
  if (winograd) {
    const auto products = rounds ? winograd_products<true> : winograd_products<false>;
    return products(*winograd, in, packed, end, scratch, out);
  }
  const Shape& from = backwards ? op.out_shape : op.in_shape;
  const Shape& to = backwards ? op.in_shape : op.out_shape;
  const TileTasks& tiles = backwards ? op.backward : op.forward;
  const std::int64_t block = backwards ? weights.backward_block : weights.forward_block;
  const std::int64_t n_pairs = backwards ? op.backward_pairs : op.forward_pairs;
  if (n_pairs > 0) {
    make_pairs_avx512(in, from.height * from.width, from.channels, n_pairs, scratch);
    if (backwards ? op.backward_amx : op.forward_amx) {
      return pair_products_amx(tiles, to.channels, n_pairs, block, scratch, packed, end, out);
    }
    return pair_products_avx512(tiles, to.channels, block, scratch, packed, end, out);
  }
  if (rounds) {
    round_values(in, from.size(), scratch);
    in = scratch;
  }
  tile_products(tiles, to.channels, block, in, packed, end, out);
}

void apply_of(const PlanRun& run, std::size_t index, bool is_tangent) {
  const PlanOp& op = run.plan.ops[index];
  const float* HWY_RESTRICT in = op.in.value < 0 ? nullptr : run.value(op.in.value);
  float* HWY_RESTRICT out = run.at(run.place(op.out));
  switch (op.kind) {
    case PlanOpKind::kProduct: {
      const std::vector<float>& bias = run.products[index].bias;
      const bool has_bias = !bias.empty() && !is_tangent;
      multiply(run, index, /*backwards=*/false, in,
               {has_bias ? bias.data() : nullptr, nullptr, false}, out);
      break;
    }
    case PlanOpKind::kAdd: {
      const float* HWY_RESTRICT second = run.value(op.second.value);
      for (std::int64_t i = 0; i < op.out_shape.size() * kLanes; i += kLanes) {
        lanes::store_lanes(lanes::load_lanes(in + i) + lanes::load_lanes(second + i), out + i);
      }
      break;
    }
    case PlanOpKind::kScaleShift:
      scale_shift(op, run.products[index], is_tangent, in, out);
      break;
    case PlanOpKind::kModulate:
      modulate(run, op, run.products[index], in, out);
      break;
    case PlanOpKind::kAvgPool:
      avg_pool(op, in, out);
      break;
    case PlanOpKind::kSumPool:
      sum_pool(op, in, out);
      break;
    case PlanOpKind::kUpsample:
      upsample(op, in, out);
      break;
    case PlanOpKind::kReorder:
      reorder(op, in, out);
      break;
    case PlanOpKind::kTableRows:
      look_up(op, run.products[index].forward.data(), run.context, out);
      break;
    case PlanOpKind::kLevelFeatures:
      features_of_levels(run.context + (run.plan.context_dim - 1) * kLanes, out);
      break;
    case PlanOpKind::kFilm:
      scale_by_film(op, is_tangent, run.factor(run.info(op.second.value).offset), in, out);
      break;
    case PlanOpKind::kProjection:
      lanes::store_lanes(dot(op.in_shape.channels, run.factor(run.info(op.second.value).offset), in,
                             lanes::load_lanes(run.value(op.third.value))),
                         out);
      break;
    case PlanOpKind::kClassLogits:
      if (is_tangent) {
        lanes::store_lanes(
            -dot(op.in_shape.channels, run.factor(op.saved), in, lanes::all_lanes(0.0f)), out);
      } else {
        energy_of_logits(op, run.context, in, run.at(op.saved), out);
      }
      break;
    case PlanOpKind::kInputEnergy:
      if (is_tangent) {
        input_energy_tangent(op, run.factor(op.saved), in, run.value(op.second.value), out);
      } else {
        energy_of_input(op, in, run.value(op.second.value), run.at(op.saved), out);
      }
      break;
    case PlanOpKind::kConcat:
      concat(op, in, run.value(op.second.value), out);
      break;
    case PlanOpKind::kNormalise:
      if (is_tangent) {
        normalise_tangent(op, run.factor(op.saved), in, out);
      } else {
        normalise(op, in, run.at(op.saved), out);
      }
      break;
    case PlanOpKind::kAttend:
      if (is_tangent) {
        attend_tangent(op, in, run.factor(run.info(op.in.value).offset), run.factor(op.saved),
                       run.at(op.saved), out);
      } else {
        attend(op, in, run.at(op.saved), out);
      }
      break;
  }
}

void forward_of(const PlanRun& run, std::size_t index) {
  const PlanOp& op = run.plan.ops[index];
  if (op.is_merged && run.only_x) {
    const PlanValue& out = run.info(op.out);
    return activate_film(op, run.value(op.second.value), run.at(out.offset),
                         run.at(out.derivative));
  }
  apply_of(run, index, /*is_tangent=*/false);
  if (op.activation) {
    const PlanValue& out = run.info(op.out);
    activate(*op.activation, out.size, run.at(out.offset), run.at(out.derivative));
  }
}

void start_of(const PlanRun& run, const float* seed) {
  const PlanValue& last = run.info(run.plan.ops.back().out);
  const Lanes slope =
      run.multiplies(last) ? lanes::load_lanes(run.at(last.derivative)) : lanes::all_lanes(1.0f);
  lanes::store_lanes(lanes::load_lanes(seed) * slope, run.grad(run.plan.ops.back().out));
}

void backward_of(const PlanRun& run, std::size_t index) {
  const PlanOp& op = run.plan.ops[index];
  const float* HWY_RESTRICT from = run.grad(op.out);
  const auto of = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
  switch (op.kind) {
    case PlanOpKind::kProduct:
      multiply(run, index, /*backwards=*/true, from, run.end_of(op.in), run.grad(op.in.value));
      break;
    case PlanOpKind::kAdd:
      hand(run, op.in, of);
      hand(run, op.second, of);
      break;
    case PlanOpKind::kScaleShift: {
      const float* HWY_RESTRICT scale = run.products[index].forward.data();
      hand(run, op.in, [&](std::int64_t i) HWY_ATTR {
        return of(i) * lanes::all_lanes(scale[i % op.out_shape.channels]);
      });
      break;
    }
    case PlanOpKind::kModulate:
      modulate_backward(run, op, run.products[index], from);
      break;
    case PlanOpKind::kAvgPool:
      avg_pool_backward(run, op, from);
      break;
    case PlanOpKind::kSumPool:
      hand(run, op.in, [&](std::int64_t i) HWY_ATTR { return of(i % op.in_shape.channels); });
      break;
    case PlanOpKind::kUpsample:
      upsample_backward(run, op, from);
      break;
    case PlanOpKind::kReorder:
      reorder_backward(run, op, from);
      break;
    case PlanOpKind::kTableRows:
    case PlanOpKind::kLevelFeatures:
      break;
    case PlanOpKind::kFilm:
      if (!(op.is_merged && run.only_x)) film_backward(run, op, from);
      break;
    case PlanOpKind::kProjection:
      projection_backward(run, op, from);
      break;
    case PlanOpKind::kInputEnergy:
      input_energy_backward(run, op, from);
      break;
    case PlanOpKind::kConcat:
      concat_backward(run, op, from);
      break;
    case PlanOpKind::kNormalise:
      normalise_backward(run, op, from);
      break;
    case PlanOpKind::kAttend:
      attend_backward(run, op, from);
      break;
    case PlanOpKind::kClassLogits: {
      const float* HWY_RESTRICT shares = run.at(op.saved);
      const Lanes less = -of(0);
      hand(run, op.in,
           [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(shares + i * kLanes) * less; });
      break;
    }
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::nets {
HWY_EXPORT(forward_of);
HWY_EXPORT(apply_of);
HWY_EXPORT(start_of);
HWY_EXPORT(backward_of);

void PlanRun::forward(std::size_t index) const { HWY_DYNAMIC_DISPATCH(forward_of)(*this, index); }

void PlanRun::apply(std::size_t index, bool is_tangent) const {
  HWY_DYNAMIC_DISPATCH(apply_of)(*this, index, is_tangent);
}

void PlanRun::start_backward(const float* seed) const {
  HWY_DYNAMIC_DISPATCH(start_of)(*this, seed);
}

void PlanRun::backward(std::size_t index) const { HWY_DYNAMIC_DISPATCH(backward_of)(*this, index); }

}  // namespace ebm::nets
#endif
