// Operations of a plan, forwards and backwards, for one block of 16 chains. Compiled once per SIMD
// target.

#if defined(EBM_NETS_PLAN_OPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_PLAN_OPS_INL_H_
#undef EBM_NETS_PLAN_OPS_INL_H_
#else
#define EBM_NETS_PLAN_OPS_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "nets/compiled/activation-inl.h"
#include "nets/compiled/amx_bf16.h"
#include "nets/compiled/attention-inl.h"
#include "nets/compiled/avx512_bf16.h"
#include "nets/compiled/bf16-inl.h"
#include "nets/compiled/group_norm-inl.h"
#include "nets/compiled/input_energy-inl.h"
#include "nets/compiled/modulation-inl.h"
#include "nets/compiled/packed_product.h"
#include "nets/compiled/plan.h"
#include "nets/compiled/resize-inl.h"
#include "nets/compiled/tile-inl.h"
#include "nets/compiled/winograd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// Values, and the derivatives of activations, lie in `work`; gradients in `grads`, which is the
// same memory where a value is not needed once its gradient is there.
struct PlanRun {
  const Plan& plan;
  const std::vector<PackedProduct>& products;
  const float* x;
  float* x_grad;
  float* work;
  float* grads;
  // Whether gradients of the results of smooth activations are left without the derivative, for the
  // caller, who needs both.
  bool leaves_smooth = false;
  const float* context = nullptr;  // [context_dim, kLanes]
  // In a pass of tangents: the memory of the values that they are derivatives of.
  const float* values = nullptr;
  // Whether gradients are wanted of the input alone, so that films are merged (PlanOp::is_merged).
  bool only_x = false;

  float* at(std::int64_t offset) const { return work + offset * kLanes; }
  const PlanValue& info(int value) const { return plan.values[static_cast<std::size_t>(value)]; }
  std::int64_t place(int index) const { return only_x ? info(index).merged : info(index).offset; }
  const float* value(int index) const { return index == 0 ? x : at(place(index)); }
  float* grad(int index) const { return index == 0 ? x_grad : grads + place(index) * kLanes; }
  // What a tangent is multiplied by: a value of the context, or what an operation has saved.
  const float* factor(std::int64_t offset) const {
    return (values == nullptr ? work : values) + offset * kLanes;
  }

  // Whether the gradient of a value is multiplied by the derivative of its activation.
  bool multiplies(const PlanValue& value) const {
    return value.derivative >= 0 && !(leaves_smooth && value.is_smooth);
  }

  // How the gradient that reaches an input is stored.
  TileEnd end_of(const PlanInput& input) const {
    const PlanValue& to = info(input.value);
    const bool is_multiplied = input.finishes && multiplies(to);
    return {.bias = nullptr,
            .derivative = is_multiplied ? at(to.derivative) : nullptr,
            .adds = input.adds};
  }

  // f(i) is the gradient that reaches value i of the input.
  template <class F>
  HWY_INLINE void hand(const PlanInput& input, const F& f) const {
    const TileEnd end = end_of(input);
    float* HWY_RESTRICT to = grad(input.value);
    for (std::int64_t i = 0; i < info(input.value).size; ++i) {
      finish(f(i), end, i, to);
    }
  }

  // The sums of an operation of products, or of its transpose, of operands in the precision of the
  // plan. @param in  like the input of the operation, or backwards like its result
  void multiply(std::size_t index, bool backwards, const float* HWY_RESTRICT in, const TileEnd& end,
                float* HWY_RESTRICT out) const {
    const PlanOp& op = plan.ops[index];
    const auto& weights = products[index];
    const bool rounds = plan.precision == Precision::kBfloat16;
    const auto& winograd = backwards ? op.backward_winograd : op.forward_winograd;
    const float* packed = (backwards ? weights.backward : weights.forward).data();
    if (winograd) {
      const auto run = rounds ? winograd_products<true> : winograd_products<false>;
      return run(*winograd, in, packed, end, at(plan.scratch), out);
    }
    const Shape& from = backwards ? op.out_shape : op.in_shape;
    const Shape& to = backwards ? op.in_shape : op.out_shape;
    const TileTasks& tiles = backwards ? op.backward : op.forward;
    const std::int64_t block = backwards ? weights.backward_block : weights.forward_block;
    const std::int64_t n_pairs = backwards ? op.backward_pairs : op.forward_pairs;
    if (n_pairs > 0) {
      make_pairs_avx512(in, from.height * from.width, from.channels, n_pairs, at(plan.scratch));
      if (backwards ? op.backward_amx : op.forward_amx) {
        return pair_products_amx(tiles, to.channels, n_pairs, block, at(plan.scratch), packed, end,
                                 out);
      }
      return pair_products_avx512(tiles, to.channels, block, at(plan.scratch), packed, end, out);
    }
    if (rounds) {
      round_values(in, from.size(), at(plan.scratch));
      in = at(plan.scratch);
    }
    tile_products(tiles, to.channels, block, in, packed, end, out);
  }

  HWY_INLINE void forward(std::size_t index) const {
    const PlanOp& op = plan.ops[index];
    if (op.is_merged && only_x) {
      const PlanValue& out = info(op.out);
      return activate_film(op, value(op.second.value), at(out.offset), at(out.derivative));
    }
    apply(index, /*is_tangent=*/false);
    if (op.activation) {
      const PlanValue& out = info(op.out);
      activate(*op.activation, out.size, at(out.offset), at(out.derivative));
    }
  }

  // Without the activation.
  // @param is_tangent  whether the values are derivatives along a direction of the input, in which
  //                    a bias has no part; not for networks with batch norms
  HWY_INLINE void apply(std::size_t index, bool is_tangent) const {
    const PlanOp& op = plan.ops[index];
    const float* HWY_RESTRICT in = op.in.value < 0 ? nullptr : value(op.in.value);
    float* HWY_RESTRICT out = at(place(op.out));
    switch (op.kind) {
      case PlanOpKind::kProduct: {
        const std::vector<float>& bias = products[index].bias;
        const bool has_bias = !bias.empty() && !is_tangent;
        multiply(index, /*backwards=*/false, in, {has_bias ? bias.data() : nullptr, nullptr, false},
                 out);
        break;
      }
      case PlanOpKind::kAdd: {
        const float* HWY_RESTRICT second = value(op.second.value);
        for (std::int64_t i = 0; i < op.out_shape.size() * kLanes; i += kLanes) {
          lanes::store_lanes(lanes::load_lanes(in + i) + lanes::load_lanes(second + i), out + i);
        }
        break;
      }
      case PlanOpKind::kScaleShift:
        scale_shift(op, products[index], is_tangent, in, out);
        break;
      case PlanOpKind::kModulate:
        modulate(*this, op, products[index], in, out);
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
        look_up(op, products[index].forward.data(), context, out);
        break;
      case PlanOpKind::kLevelFeatures:
        features_of_levels(context + (plan.context_dim - 1) * kLanes, out);
        break;
      case PlanOpKind::kFilm:
        scale_by_film(op, is_tangent, factor(info(op.second.value).offset), in, out);
        break;
      case PlanOpKind::kProjection:
        lanes::store_lanes(dot(op.in_shape.channels, factor(info(op.second.value).offset), in,
                               lanes::load_lanes(value(op.third.value))),
                           out);
        break;
      case PlanOpKind::kClassLogits:
        if (is_tangent) {
          lanes::store_lanes(
              -dot(op.in_shape.channels, factor(op.saved), in, lanes::all_lanes(0.0f)), out);
        } else {
          energy_of_logits(op, context, in, at(op.saved), out);
        }
        break;
      case PlanOpKind::kInputEnergy:
        if (is_tangent) {
          input_energy_tangent(op, factor(op.saved), in, value(op.second.value), out);
        } else {
          energy_of_input(op, in, value(op.second.value), at(op.saved), out);
        }
        break;
      case PlanOpKind::kConcat:
        concat(op, in, value(op.second.value), out);
        break;
      case PlanOpKind::kNormalise:
        if (is_tangent) {
          normalise_tangent(op, factor(op.saved), in, out);
        } else {
          normalise(op, in, at(op.saved), out);
        }
        break;
      case PlanOpKind::kAttend:
        if (is_tangent) {
          attend_tangent(op, in, factor(info(op.in.value).offset), factor(op.saved), at(op.saved),
                         out);
        } else {
          attend(op, in, at(op.saved), out);
        }
        break;
    }
  }

  // The gradient of the result itself.
  HWY_INLINE void start_backward(const Lanes& seed) const {
    const PlanValue& last = info(plan.ops.back().out);
    const Lanes slope =
        multiplies(last) ? lanes::load_lanes(at(last.derivative)) : lanes::all_lanes(1.0f);
    lanes::store_lanes(seed * slope, grad(plan.ops.back().out));
  }

  HWY_INLINE void backward(std::size_t index) const {
    const PlanOp& op = plan.ops[index];
    const float* HWY_RESTRICT from = grad(op.out);
    const auto of = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
    switch (op.kind) {
      case PlanOpKind::kProduct:
        multiply(index, /*backwards=*/true, from, end_of(op.in), grad(op.in.value));
        break;
      case PlanOpKind::kAdd:
        hand(op.in, of);
        hand(op.second, of);
        break;
      case PlanOpKind::kScaleShift: {
        const float* HWY_RESTRICT scale = products[index].forward.data();
        hand(op.in, [&](std::int64_t i) HWY_ATTR {
          return of(i) * lanes::all_lanes(scale[i % op.out_shape.channels]);
        });
        break;
      }
      case PlanOpKind::kModulate:
        modulate_backward(*this, op, products[index], from);
        break;
      case PlanOpKind::kAvgPool:
        avg_pool_backward(*this, op, from);
        break;
      case PlanOpKind::kSumPool:
        hand(op.in, [&](std::int64_t i) HWY_ATTR { return of(i % op.in_shape.channels); });
        break;
      case PlanOpKind::kUpsample:
        upsample_backward(*this, op, from);
        break;
      case PlanOpKind::kReorder:
        reorder_backward(*this, op, from);
        break;
      case PlanOpKind::kTableRows:
      case PlanOpKind::kLevelFeatures:
        break;
      case PlanOpKind::kFilm:
        if (!(op.is_merged && only_x)) film_backward(*this, op, from);
        break;
      case PlanOpKind::kProjection:
        projection_backward(*this, op, from);
        break;
      case PlanOpKind::kInputEnergy:
        input_energy_backward(*this, op, from);
        break;
      case PlanOpKind::kConcat:
        concat_backward(*this, op, from);
        break;
      case PlanOpKind::kNormalise:
        normalise_backward(*this, op, from);
        break;
      case PlanOpKind::kAttend:
        attend_backward(*this, op, from);
        break;
      case PlanOpKind::kClassLogits: {
        const float* HWY_RESTRICT shares = at(op.saved);
        const Lanes less = -of(0);
        hand(op.in, [&](std::int64_t i)
                        HWY_ATTR { return lanes::load_lanes(shares + i * kLanes) * less; });
        break;
      }
    }
  }
};

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_PLAN_OPS_INL_H_
