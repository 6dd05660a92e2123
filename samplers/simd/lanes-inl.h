// Arithmetic on one float of each of 16 chains. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_LANES_INL_H_
#undef EBM_SAMPLERS_LANES_INL_H_
#else
#define EBM_SAMPLERS_LANES_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>

#include "samplers/simd/lane_count.h"

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
// How often loops over registers are unrolled. Not 16 times where every register is one number:
// that would triple the time to compile a network's plan, for machines that are not benchmarked.
inline constexpr std::size_t kUnrolled = kRegisters <= 4 ? kRegisters : 4;

// One number of each chain of a block, in 1 (AVX-512), 2 (AVX2) or 4 (SSE, NEON) registers.
struct Lanes {
  FloatVec r[kRegisters];
};

// f(register) or f(register, ...) for every register.
template <class F, class... Args>
HWY_INLINE Lanes map_lanes(const F& f, const Args&... a) {
  Lanes out;
#pragma GCC unroll kUnrolled
  for (std::size_t i = 0; i < kRegisters; ++i) out.r[i] = f(a.r[i]...);
  return out;
}

HWY_INLINE Lanes all_lanes(float value) {
  Lanes out;
#pragma GCC unroll kUnrolled
  for (auto& r : out.r) r = hn::Set(FloatTag(), value);
  return out;
}
// Rows of a block are 64-byte aligned.
HWY_INLINE Lanes load_lanes(const float* HWY_RESTRICT row) {
  Lanes out;
#pragma GCC unroll kUnrolled
  for (std::size_t i = 0; i < kRegisters; ++i) {
    out.r[i] = hn::Load(FloatTag(), row + i * kRegisterLanes);
  }
  return out;
}
HWY_INLINE void store_lanes(const Lanes& a, float* HWY_RESTRICT row) {
#pragma GCC unroll kUnrolled
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

// Whether a > b in any chain.
HWY_INLINE bool any_greater(const Lanes& a, const Lanes& b) {
  auto found = hn::Gt(a.r[0], b.r[0]);
  for (std::size_t i = 1; i < kRegisters; ++i) found = hn::Or(found, hn::Gt(a.r[i], b.r[i]));
  return !hn::AllFalse(FloatTag(), found);
}
// value where a > b, 0 elsewhere.
HWY_INLINE Lanes zero_unless_greater(const Lanes& a, const Lanes& b, const Lanes& value) {
  return map_lanes([](auto x, auto y, auto v)
                       HWY_ATTR { return hn::IfThenElseZero(hn::Gt(x, y), v); },
                   a, b, value);
}

// yes where a > b, no elsewhere.
HWY_INLINE Lanes select_greater(const Lanes& a, const Lanes& b, const Lanes& yes, const Lanes& no) {
  return map_lanes([](auto x, auto y, auto p, auto q)
                       HWY_ATTR { return hn::IfThenElse(hn::Gt(x, y), p, q); },
                   a, b, yes, no);
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

// 2ᵗ for t in [−126, 126], to 2e-7 relative; NaN for NaN; anything outside. The sum with
// 1.5·2²³ + 127 rounds t to an integer n and leaves n + 127 in the low bits: the exponent of 2ⁿ.
// The polynomial of the rest in [−½, ½] is minimax by reweighted least squares (error 9.2e-8). A
// product with 2ⁿ, and no sum of bits, lets NaN stay NaN.
HWY_INLINE Lanes exp2_in_range(const Lanes& a) {
  return map_lanes(
      [](auto t) HWY_ATTR {
        const FloatTag df;
        const IntTag di;
        const auto rounder = hn::Set(df, 0x1.8p23f + 127.0f);
        const auto shifted = hn::Add(t, rounder);
        const auto f = hn::Sub(t, hn::Sub(shifted, rounder));
        const auto power = hn::BitCast(df, hn::ShiftLeft<23>(hn::BitCast(di, shifted)));
        auto p = hn::Set(df, 1.326472390e-03f);
        p = hn::MulAdd(p, f, hn::Set(df, 9.671512870e-03f));
        p = hn::MulAdd(p, f, hn::Set(df, 5.550733754e-02f));
        p = hn::MulAdd(p, f, hn::Set(df, 2.402224208e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 6.931469776e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 1.0f));
        return hn::Mul(p, power);
      },
      a);
}
// eˣ for x ≤ 0, to 2e-7 relative; 0 below −87.3 (denormals are flushed), NaN for NaN. As above, the
// rest x − n·ln 2 in two steps, the first of which is exact.
HWY_INLINE Lanes exp_of_nonpositive(const Lanes& a) {
  return map_lanes(
      [](auto x) HWY_ATTR {
        const FloatTag df;
        const IntTag di;
        const auto rounder = hn::Set(df, 0x1.8p23f + 127.0f);
        const auto shifted = hn::MulAdd(x, hn::Set(df, 1.442695041f), rounder);
        const auto n = hn::Sub(shifted, rounder);
        const auto power = hn::BitCast(df, hn::ShiftLeft<23>(hn::BitCast(di, shifted)));
        auto f = hn::NegMulAdd(n, hn::Set(df, 0.693359375f), x);
        f = hn::NegMulAdd(n, hn::Set(df, -2.121944401e-04f), f);
        auto p = hn::Set(df, 8.290312652e-03f);
        p = hn::MulAdd(p, f, hn::Set(df, 4.189793029e-02f));
        p = hn::MulAdd(p, f, hn::Set(df, 1.666763623e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 4.999914952e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 9.999997072e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 1.0f));
        return hn::IfThenZeroElse(hn::Lt(x, hn::Set(df, -87.3f)), hn::Mul(p, power));
      },
      a);
}
// ln x to 1.2e-7 of max(1, |ln x|) for normal finite x > 0 and for nothing else: NaN does not stay
// NaN. x = 2^e·(1 + f) with 1 + f in [√½, √2); the tail of ln(1 + f) beyond f − f²/2 is minimax by
// reweighted least squares (error 3.1e-8 of ln(1 + f)).
HWY_INLINE Lanes log_of_normal(const Lanes& a) {
  return map_lanes(
      [](auto x) HWY_ATTR {
        const FloatTag df;
        const IntTag di;
        constexpr std::int32_t kRootHalfBits = 0x3F3504F3;
        const auto bits = hn::BitCast(di, x);
        const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, kRootHalfBits)));
        const auto mantissa = hn::BitCast(df, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
        const auto f = hn::Sub(mantissa, hn::Set(df, 1.0f));
        auto p = hn::Set(df, 8.700359947e-02f);
        p = hn::MulAdd(p, f, hn::Set(df, -1.426747632e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 1.491478702e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, -1.657758601e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 1.996306229e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, -2.500133702e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, 3.333391077e-01f));
        p = hn::MulAdd(p, f, hn::Set(df, -0.5f));
        const auto tail = hn::MulAdd(hn::Mul(f, f), p, f);
        return hn::MulAdd(hn::ConvertTo(df, exponent), hn::Set(df, 0.693147181f), tail);
      },
      a);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_LANES_INL_H_
