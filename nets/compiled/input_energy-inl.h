// The energy of the network's input and a map of its shape (InputEnergy of layer.h), for one block
// of 16 chains. Compiled once per SIMD target. With s_h and s_x, its derivatives by the map h and
// by the input x:
//   inner product     s_h = −x        s_x = −h
//   squared distance  s_h = −(x − h)  s_x = x − h

#if defined(EBM_NETS_INPUT_ENERGY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_INPUT_ENERGY_INL_H_
#undef EBM_NETS_INPUT_ENERGY_INL_H_
#else
#define EBM_NETS_INPUT_ENERGY_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "nets/compiled/plan.h"
#include "nets/compiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// s_h of values h and x, or their change along tangents ḣ and ẋ; s_x likewise below.
HWY_INLINE Lanes map_slope(InputEnergyKind kind, Lanes h, Lanes x) {
  return kind == InputEnergyKind::kInnerProduct ? -x : h - x;
}

HWY_INLINE Lanes input_slope(InputEnergyKind kind, Lanes h, Lanes x) {
  return kind == InputEnergyKind::kInnerProduct ? -h : x - h;
}

// @param slopes  s_h, then s_x, written
[[maybe_unused]] static HWY_NOINLINE void energy_of_input(const PlanOp& op,
                                                          const float* HWY_RESTRICT h,
                                                          const float* HWY_RESTRICT x,
                                                          float* HWY_RESTRICT slopes,
                                                          float* HWY_RESTRICT out) {
  const std::int64_t n = op.in_shape.size() * kLanes;
  const bool is_product = op.input_energy == InputEnergyKind::kInnerProduct;
  Lanes sum = lanes::all_lanes(0.0f);
  for (std::int64_t i = 0; i < n; i += kLanes) {
    const Lanes of_h = lanes::load_lanes(h + i), of_x = lanes::load_lanes(x + i);
    const Lanes by_h = map_slope(op.input_energy, of_h, of_x);
    sum = lanes::mul_add(by_h, is_product ? of_h : by_h, sum);
    lanes::store_lanes(by_h, slopes + i);
    lanes::store_lanes(input_slope(op.input_energy, of_h, of_x), slopes + n + i);
  }
  lanes::store_lanes(is_product ? sum : lanes::all_lanes(0.5f) * sum, out);
}

// s_h·ḣ + s_x·ẋ
HWY_INLINE void input_energy_tangent(const PlanOp& op, const float* HWY_RESTRICT slopes,
                                     const float* h, const float* x, float* HWY_RESTRICT out) {
  const std::int64_t n = op.in_shape.size() * kLanes;
  Lanes sum = lanes::all_lanes(0.0f);
  for (std::int64_t i = 0; i < n; i += kLanes) {
    sum = lanes::mul_add(lanes::load_lanes(slopes + i), lanes::load_lanes(h + i), sum);
    sum = lanes::mul_add(lanes::load_lanes(slopes + n + i), lanes::load_lanes(x + i), sum);
  }
  lanes::store_lanes(sum, out);
}

HWY_INLINE void input_energy_backward(const PlanRun& run, const PlanOp& op, const float* from) {
  const std::int64_t n = op.in_shape.size();
  const float* HWY_RESTRICT slopes = run.at(op.saved);
  const Lanes g = lanes::load_lanes(from);
  hand(run, op.in,
       [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(slopes + i * kLanes) * g; });
  hand(run, op.second,
       [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(slopes + (n + i) * kLanes) * g; });
}

// The same in the pass p of a mixed gradient (mixed_gradient.h): p·s + q·ṡ.
// @param q     at the result of the operation
// @param h, x  ḣ and ẋ
HWY_INLINE void moving_input_energy_backward(const PlanRun& run, const PlanOp& op,
                                             const float* HWY_RESTRICT from,
                                             const float* HWY_RESTRICT q, const float* h,
                                             const float* x) {
  const std::int64_t n = op.in_shape.size();
  const float* HWY_RESTRICT slopes = run.at(op.saved);
  const Lanes of_p = lanes::load_lanes(from), of_q = lanes::load_lanes(q);
  const auto sum = [&](std::int64_t saved, Lanes change) HWY_ATTR {
    return lanes::mul_add(lanes::load_lanes(slopes + saved * kLanes), of_p, of_q * change);
  };
  const auto at = [](const float* of, std::int64_t i)
                      HWY_ATTR { return lanes::load_lanes(of + i * kLanes); };
  hand(run, op.in, [&](std::int64_t i) HWY_ATTR {
    return sum(i, map_slope(op.input_energy, at(h, i), at(x, i)));
  });
  hand(run, op.second, [&](std::int64_t i) HWY_ATTR {
    return sum(n + i, input_slope(op.input_energy, at(h, i), at(x, i)));
  });
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_INPUT_ENERGY_INL_H_
