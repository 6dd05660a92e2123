// Group norms without their scales and shifts (GroupNorm of layer.h), for one block of 16 chains:
// each chain is normalised by itself. Compiled once per SIMD target.
//
// Of the n values x of a group, with m() for their mean:
//
//     y = (x − m(x))·r,  r = (m((x − m(x))²) + ε)^(−1/2).
//
// dr = −r²·m(y dx), so that dy = J dx with the symmetric map
//
//     J dx = r·P(dx),  P(g) = g − m(g) − y·m(y g),
//
// which takes tangents forwards and gradients backwards. Of the tangent ẏ = J ẋ and a gradient q at
// it, f = ⟨q, ẏ⟩ = n·r·S with S = m(q ẋ) − m(q)·m(ẋ) − m(q y)·m(y ẋ); by dr and dy = r·P(dx),
//
//     ∂f/∂x = −r²·(S·y + m(y ẋ)·P(q) + m(q y)·P(ẋ)).

#if defined(EBM_NETS_GROUP_NORM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_GROUP_NORM_INL_H_
#undef EBM_NETS_GROUP_NORM_INL_H_
#else
#define EBM_NETS_GROUP_NORM_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "nets/compiled/plan.h"
#include "nets/compiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {

// Calls f(i) for the values i of a group.
template <class F>
HWY_INLINE void for_each_of_group(const PlanOp& op, std::int64_t group, const F& f) {
  const std::int64_t channels = op.out_shape.channels, width = channels / op.group_norm.groups;
  for (std::int64_t first = group * width; first < op.out_shape.size(); first += channels) {
    for (std::int64_t i = first; i < first + width; ++i) f(i);
  }
}

// The mean of f(i) over a group.
template <class F>
HWY_INLINE Lanes mean_of_group(const PlanOp& op, std::int64_t group, const F& f) {
  Lanes sum = lanes::all_lanes(0.0f);
  for_each_of_group(op, group, [&](std::int64_t i) HWY_ATTR { sum = sum + f(i); });
  const std::int64_t n = op.out_shape.size() / op.group_norm.groups;
  return sum * lanes::all_lanes(1.0f / static_cast<float>(n));
}

// P(g) of a group: its two means are found once.
template <class G, class Y>
struct Centred {
  const G& g;
  const Y& y;
  Lanes mean, along;  // m(g), m(y g)

  HWY_INLINE Centred(const PlanOp& op, std::int64_t group, const G& of_g, const Y& of_y)
      : g(of_g), y(of_y), mean(mean_of_group(op, group, of_g)) {
    along = mean_of_group(op, group, [&](std::int64_t i) HWY_ATTR { return of_g(i) * of_y(i); });
  }
  HWY_INLINE Lanes operator()(std::int64_t i) const {
    return lanes::neg_mul_add(y(i), along, g(i) - mean);
  }
};

// @param saved  y, then r of each group, written
[[maybe_unused]] static HWY_NOINLINE void normalise(const PlanOp& op, const float* HWY_RESTRICT in,
                                                    float* HWY_RESTRICT saved,
                                                    float* HWY_RESTRICT out) {
  float* HWY_RESTRICT scales = saved + op.out_shape.size() * kLanes;
  const auto x = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(in + i * kLanes); };
  const Lanes one = lanes::all_lanes(1.0f);
  const Lanes epsilon = lanes::all_lanes(static_cast<float>(op.group_norm.epsilon));
  for (std::int64_t group = 0; group < op.group_norm.groups; ++group) {
    const Lanes mean = mean_of_group(op, group, x);
    const Lanes variance = mean_of_group(op, group, [&](std::int64_t i) HWY_ATTR {
      const Lanes off = x(i) - mean;
      return off * off;
    });
    const Lanes scale = one / lanes::sqrt_lanes(variance + epsilon);
    lanes::store_lanes(scale, scales + group * kLanes);
    for_each_of_group(op, group, [&](std::int64_t i) HWY_ATTR {
      const Lanes y = (x(i) - mean) * scale;
      lanes::store_lanes(y, saved + i * kLanes);
      lanes::store_lanes(y, out + i * kLanes);
    });
  }
}

// ẏ = J ẋ.
[[maybe_unused]] static HWY_NOINLINE void normalise_tangent(const PlanOp& op,
                                                            const float* HWY_RESTRICT saved,
                                                            const float* HWY_RESTRICT in,
                                                            float* HWY_RESTRICT out) {
  const float* HWY_RESTRICT scales = saved + op.out_shape.size() * kLanes;
  const auto x = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(in + i * kLanes); };
  const auto y = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(saved + i * kLanes); };
  for (std::int64_t group = 0; group < op.group_norm.groups; ++group) {
    const Centred of_x(op, group, x, y);
    const Lanes scale = lanes::load_lanes(scales + group * kLanes);
    for_each_of_group(op, group, [&](std::int64_t i) HWY_ATTR {
      lanes::store_lanes(scale * of_x(i), out + i * kLanes);
    });
  }
}

HWY_INLINE void normalise_backward(const PlanRun& run, const PlanOp& op,
                                   const float* HWY_RESTRICT from) {
  const float* HWY_RESTRICT saved = run.at(op.saved);
  const float* HWY_RESTRICT scales = saved + op.out_shape.size() * kLanes;
  const auto g = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
  const auto y = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(saved + i * kLanes); };
  const TileEnd end = run.end_of(op.in);
  float* HWY_RESTRICT to = run.grad(op.in.value);
  for (std::int64_t group = 0; group < op.group_norm.groups; ++group) {
    const Centred of_g(op, group, g, y);
    const Lanes scale = lanes::load_lanes(scales + group * kLanes);
    for_each_of_group(op, group,
                      [&](std::int64_t i) HWY_ATTR { finish(scale * of_g(i), end, i, to); });
  }
}

// The same in the pass p of a mixed gradient (mixed_gradient.h): J p + ∂⟨q, ẏ⟩/∂x.
// @param q        at the result of the operation
// @param tangent  ẋ
template <class Run>  // GCC 12 deduces no lambdas of a plain function
HWY_INLINE void moving_normalise_backward(const Run& run, const PlanOp& op,
                                          const float* HWY_RESTRICT from,
                                          const float* HWY_RESTRICT q, const float* tangent) {
  const float* HWY_RESTRICT saved = run.at(op.saved);
  const float* HWY_RESTRICT scales = saved + op.out_shape.size() * kLanes;
  const auto p = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(from + i * kLanes); };
  const auto g = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(q + i * kLanes); };
  const auto x = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(tangent + i * kLanes); };
  const auto y = [&](std::int64_t i) HWY_ATTR { return lanes::load_lanes(saved + i * kLanes); };
  const TileEnd end = run.end_of(op.in);
  float* HWY_RESTRICT to = run.grad(op.in.value);
  for (std::int64_t group = 0; group < op.group_norm.groups; ++group) {
    const Centred of_p(op, group, p, y);
    const Centred of_q(op, group, g, y);
    const Centred of_x(op, group, x, y);
    // S = m(q·P(ẋ)).
    const Lanes both =
        mean_of_group(op, group, [&](std::int64_t i) HWY_ATTR { return g(i) * of_x(i); });
    const Lanes scale = lanes::load_lanes(scales + group * kLanes);
    for_each_of_group(op, group, [&](std::int64_t i) HWY_ATTR {
      const Lanes bent =
          lanes::mul_add(both, y(i), lanes::mul_add(of_x.along, of_q(i), of_q.along * of_x(i)));
      finish(scale * lanes::neg_mul_add(scale, bent, of_p(i)), end, i, to);
    });
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_GROUP_NORM_INL_H_
