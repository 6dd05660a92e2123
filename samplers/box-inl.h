// Walls of a box. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_BOX_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_BOX_INL_H_
#undef EBM_SAMPLERS_BOX_INL_H_
#else
#define EBM_SAMPLERS_BOX_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>

#include "samplers/box.h"
#include "samplers/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

HWY_INLINE Lanes clamp_lanes(const Lanes& x, const Box& box) {
  return min_lanes(max_lanes(x, all_lanes(box.low)), all_lanes(box.high));
}

// reflect_lanes() with a wall at infinity, or one as good as that: there is one bounce at most.
HWY_INLINE Lanes reflect_once(const Lanes& x, const Box& box, Lanes& flip) {
  Lanes out;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    const FloatTag df;
    const auto low = hn::Set(df, box.low), high = hn::Set(df, box.high);
    const auto below = hn::Lt(x.r[i], low), above = hn::Gt(x.r[i], high);
    const auto wall = hn::IfThenElse(below, low, high);
    const auto outside = hn::Or(below, above);
    const auto bounced = hn::Add(wall, hn::Sub(wall, x.r[i]));
    // An infinite x would bounce off a wall at infinity, or to the other infinity: 0·x taints.
    out.r[i] =
        hn::MulAdd(hn::Zero(df), x.r[i], hn::IfThenElse(outside, bounced, x.r[i]));
    flip.r[i] = hn::IfThenElse(outside, hn::Set(df, -1.0f), hn::Set(df, 1.0f));
  }
  return out;
}

// Where x is after bouncing off the walls as often as it has to: the unfolded line is 2·width
// periodic, every other period runs backwards. NaN and infinities become NaN.
// @param flip  −1 where the number of bounces was odd, else 1
HWY_INLINE Lanes reflect_lanes(const Lanes& x, const Box& box, Lanes& flip) {
  if (!std::isfinite(box.high - box.low)) return reflect_once(x, box, flip);
  Lanes out;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    const FloatTag df;
    const auto low = hn::Set(df, box.low), high = hn::Set(df, box.high);
    const auto width = hn::Set(df, box.high - box.low);
    const auto offset = hn::Sub(x.r[i], low);
    const auto periods = hn::Floor(hn::Mul(offset, hn::Set(df, 1.0f / (box.high - box.low))));
    const auto rest = hn::NegMulAdd(periods, width, offset);
    const auto half = hn::Mul(periods, hn::Set(df, 0.5f));
    const auto odd = hn::Gt(hn::Sub(half, hn::Floor(half)), hn::Zero(df));
    const auto folded = hn::IfThenElse(odd, hn::Sub(width, rest), rest);
    // An untouched x keeps its bits; rounding must not leave a bounced one outside.
    const auto bounced = hn::Min(hn::Max(hn::Add(low, folded), low), high);
    const auto inside = hn::And(hn::Ge(x.r[i], low), hn::Le(x.r[i], high));
    // 0·x taints: the minimum and maximum would hide a NaN.
    const auto tainted = hn::MulAdd(hn::Zero(df), x.r[i], bounced);
    out.r[i] = hn::IfThenElse(inside, x.r[i], tainted);
    const auto turned = hn::IfThenElse(odd, hn::Set(df, -1.0f), hn::Set(df, 1.0f));
    flip.r[i] = hn::IfThenElse(inside, hn::Set(df, 1.0f), turned);
  }
  return out;
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_BOX_INL_H_
