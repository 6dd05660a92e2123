// Arithmetic on one float of each of 16 chains. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_LANES_INL_H_
#undef EBM_SAMPLERS_LANES_INL_H_
#else
#define EBM_SAMPLERS_LANES_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstdint>
#include <limits>

#include "samplers/chain_block.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most one block wide: wider registers would mix blocks.
using FloatTag = hn::CappedTag<float, kLanes>;
using WordTag = hn::Rebind<std::uint32_t, FloatTag>;
using IntTag = hn::Rebind<std::int32_t, FloatTag>;
using FloatVec = hn::Vec<FloatTag>;
using WordVec = hn::Vec<WordTag>;

inline constexpr std::size_t kRegisterLanes = hn::MaxLanes(FloatTag());
inline constexpr std::size_t kRegisters = kLanes / kRegisterLanes;

// One number of each chain of a block, in 1 (AVX-512), 2 (AVX2) or 4 (SSE, NEON) registers.
struct Lanes {
  FloatVec r[kRegisters];
};

// f(register) or f(register, ...) for every register.
template <class F, class... Args>
HWY_INLINE Lanes map_lanes(const F& f, const Args&... a) {
  Lanes out;
  for (std::size_t i = 0; i < kRegisters; ++i) out.r[i] = f(a.r[i]...);
  return out;
}

HWY_INLINE Lanes all_lanes(float value) {
  Lanes out;
  for (auto& r : out.r) r = hn::Set(FloatTag(), value);
  return out;
}
// Rows of a block are 64-byte aligned.
HWY_INLINE Lanes load_lanes(const float* HWY_RESTRICT row) {
  Lanes out;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    out.r[i] = hn::Load(FloatTag(), row + i * kRegisterLanes);
  }
  return out;
}
HWY_INLINE void store_lanes(const Lanes& a, float* HWY_RESTRICT row) {
  for (std::size_t i = 0; i < kRegisters; ++i) {
    hn::Store(a.r[i], FloatTag(), row + i * kRegisterLanes);
  }
}

HWY_INLINE Lanes operator+(const Lanes& a, const Lanes& b) {
  return map_lanes([](auto x, auto y) HWY_ATTR { return hn::Add(x, y); }, a, b);
}
HWY_INLINE Lanes operator-(const Lanes& a, const Lanes& b) {
  return map_lanes([](auto x, auto y) HWY_ATTR { return hn::Sub(x, y); }, a, b);
}
HWY_INLINE Lanes operator*(const Lanes& a, const Lanes& b) {
  return map_lanes([](auto x, auto y) HWY_ATTR { return hn::Mul(x, y); }, a, b);
}
HWY_INLINE Lanes operator/(const Lanes& a, const Lanes& b) {
  return map_lanes([](auto x, auto y) HWY_ATTR { return hn::Div(x, y); }, a, b);
}
HWY_INLINE Lanes operator-(const Lanes& a) {
  return map_lanes([](auto x) HWY_ATTR { return hn::Neg(x); }, a);
}
// a·b + c and c − a·b, fused where the target has it.
HWY_INLINE Lanes mul_add(const Lanes& a, const Lanes& b, const Lanes& c) {
  return map_lanes([](auto x, auto y, auto z) HWY_ATTR { return hn::MulAdd(x, y, z); }, a, b, c);
}
HWY_INLINE Lanes neg_mul_add(const Lanes& a, const Lanes& b, const Lanes& c) {
  return map_lanes([](auto x, auto y, auto z) HWY_ATTR { return hn::NegMulAdd(x, y, z); }, a, b, c);
}
// Which of the two they give for a NaN depends on the target.
HWY_INLINE Lanes min_lanes(const Lanes& a, const Lanes& b) {
  return map_lanes([](auto x, auto y) HWY_ATTR { return hn::Min(x, y); }, a, b);
}
HWY_INLINE Lanes max_lanes(const Lanes& a, const Lanes& b) {
  return map_lanes([](auto x, auto y) HWY_ATTR { return hn::Max(x, y); }, a, b);
}
HWY_INLINE Lanes sqrt_lanes(const Lanes& a) {
  return map_lanes([](auto x) HWY_ATTR { return hn::Sqrt(x); }, a);
}
HWY_INLINE Lanes abs_lanes(const Lanes& a) {
  return map_lanes([](auto x) HWY_ATTR { return hn::Abs(x); }, a);
}

// Flags are 1 for true and 0 for false, so that "and" is a product.
HWY_INLINE Lanes less(const Lanes& a, const Lanes& b) {
  return map_lanes(
      [](auto x, auto y) HWY_ATTR {
        const FloatTag df;
        return hn::IfThenElseZero(hn::Lt(x, y), hn::Set(df, 1.0f));
      },
      a, b);
}
HWY_INLINE Lanes is_finite(const Lanes& a) {
  return less(abs_lanes(a), all_lanes(std::numeric_limits<float>::infinity()));
}
HWY_INLINE Lanes choose(const Lanes& flag, const Lanes& yes, const Lanes& no) {
  return map_lanes([](auto f, auto y, auto n)
                       HWY_ATTR { return hn::IfThenElse(hn::Ne(f, hn::Zero(FloatTag())), y, n); },
                   flag, yes, no);
}
HWY_INLINE bool any(const Lanes& flag) {
  bool found = false;
  for (const auto& r : flag.r) {
    const FloatTag df;
    found |= !hn::AllTrue(df, hn::Eq(r, hn::Zero(df)));
  }
  return found;
}

// No lane is NaN: 0·v was added for every value v that has to be finite.
HWY_INLINE bool is_untainted(const Lanes& taint) {
  bool untainted = true;
  for (const auto& r : taint.r) untainted &= hn::AllTrue(FloatTag(), hn::Eq(r, r));
  return untainted;
}

// The first lane that is NaN, or −1.
HWY_INLINE std::int64_t first_tainted(const Lanes& taint) {
  if (is_untainted(taint)) return -1;
  HWY_ALIGN float values[kLanes];
  store_lanes(taint, values);
  std::int64_t lane = 0;
  while (values[lane] == values[lane]) ++lane;
  return lane;
}

// eˣ to 1e-6 relative; 0 below −87.3 (denormals are flushed), +inf above 88.7, NaN for NaN.
HWY_INLINE Lanes exp_lanes(const Lanes& a) {
  return map_lanes(
      [](auto x) HWY_ATTR {
        const FloatTag df;
        const auto inside = hn::Min(hn::Max(x, hn::Set(df, -87.3f)), hn::Set(df, 88.7f));
        auto y = hn::Exp(df, inside);
        y = hn::IfThenElse(hn::Lt(x, hn::Set(df, -87.3f)), hn::Zero(df), y);
        y = hn::IfThenElse(hn::Gt(x, hn::Set(df, 88.7f)),
                           hn::Set(df, std::numeric_limits<float>::infinity()), y);
        return hn::IfThenElse(hn::Ne(x, x), x, y);
      },
      a);
}
// ln x to 1e-6 relative for x > 0; −inf for 0, NaN for x < 0 and NaN, +inf for +inf.
HWY_INLINE Lanes log_lanes(const Lanes& a) {
  return map_lanes(
      [](auto x) HWY_ATTR {
        const FloatTag df;
        const auto infinity = hn::Set(df, std::numeric_limits<float>::infinity());
        auto y = hn::Log(df, x);
        y = hn::IfThenElse(hn::Eq(x, hn::Zero(df)), hn::Neg(infinity), y);
        y = hn::IfThenElse(hn::Eq(x, infinity), x, y);
        const auto nan = hn::Set(df, std::numeric_limits<float>::quiet_NaN());
        // Not (x >= 0): true for NaN as well.
        return hn::IfThenElse(hn::Ge(x, hn::Zero(df)), y, nan);
      },
      a);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_LANES_INL_H_
