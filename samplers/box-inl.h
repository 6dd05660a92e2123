// Walls of a box. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_BOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_BOX_INL_H_
#undef EBM_SAMPLERS_BOX_INL_H_
#else
#define EBM_SAMPLERS_BOX_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "samplers/box.h"
#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

HWY_INLINE Lanes clamp_lanes(const Lanes& x, const Box& box) {
  return min_lanes(max_lanes(x, all_lanes(box.low)), all_lanes(box.high));
}

// Where x is after bouncing off the walls as often as it has to. A walk that is back after one
// bounce, as with a wall at infinity, is exact to the last digits of x; beyond, the unfolded line
// is 2·width periodic, every other period runs backwards. NaN and infinities become NaN.
// @param flip  −1 where the number of bounces was odd, else 1
HWY_INLINE Lanes reflect_lanes(const Lanes& x, const Box& box, Lanes& flip) {
  Lanes out;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    const FloatTag df;
    const auto low = hn::Set(df, box.low), high = hn::Set(df, box.high);
    const auto below = hn::Lt(x.r[i], low), outside = hn::Or(below, hn::Gt(x.r[i], high));
    const auto wall = hn::IfThenElse(below, low, high);
    const auto once = hn::Add(wall, hn::Sub(wall, x.r[i]));
    const auto is_back = hn::And(hn::Ge(once, low), hn::Le(once, high));

    const auto width = hn::Set(df, box.high - box.low);
    const auto offset = hn::Sub(x.r[i], low);
    const auto periods = hn::Floor(hn::Mul(offset, hn::Set(df, 1.0f / (box.high - box.low))));
    const auto rest = hn::NegMulAdd(periods, width, offset);
    const auto half = hn::Mul(periods, hn::Set(df, 0.5f));
    const auto odd = hn::Gt(hn::Sub(half, hn::Floor(half)), hn::Zero(df));
    const auto folded = hn::IfThenElse(odd, hn::Sub(width, rest), rest);
    // Rounding must not leave it outside.
    const auto often = hn::Min(hn::Max(hn::Add(low, folded), low), high);

    const auto bounced = hn::IfThenElse(is_back, once, often);
    // 0·x taints: comparisons, minimum and maximum would hide what is not finite.
    out.r[i] = hn::MulAdd(hn::Zero(df), x.r[i], hn::IfThenElse(outside, bounced, x.r[i]));
    const auto flips = hn::And(outside, hn::Or(is_back, odd));
    flip.r[i] = hn::IfThenElse(flips, hn::Set(df, -1.0f), hn::Set(df, 1.0f));
  }
  return out;
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_BOX_INL_H_
