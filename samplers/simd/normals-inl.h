// Random numbers for 16 chains at a time. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_NORMALS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_NORMALS_INL_H_
#undef EBM_SAMPLERS_NORMALS_INL_H_
#else
#define EBM_SAMPLERS_NORMALS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "base/philox.h"
#include "samplers/simd/lane_count.h"
#include "samplers/simd/lanes-inl.h"
#include "samplers/simd/noise_cache.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// ln u for u in (0, 1]: u = 2^e·m with m in [√½, √2), ln m by a polynomial fitted at Chebyshev
// nodes (error 1.2e-8).
HWY_INLINE FloatVec log_of_uniform(FloatVec u) {
  const FloatTag df;
  const IntTag di;
  constexpr std::int32_t kRootHalfBits = 0x3F3504F3;
  const auto bits = hn::BitCast(di, u);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, kRootHalfBits)));
  const auto mantissa = hn::BitCast(df, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const auto e = hn::ConvertTo(df, exponent);
  const auto f = hn::Sub(mantissa, hn::Set(df, 1.0f));
  auto p = hn::Set(df, -8.101558558e-02f);
  p = hn::MulAdd(p, f, hn::Set(df, 1.271230780e-01f));
  p = hn::MulAdd(p, f, hn::Set(df, -1.297223896e-01f));
  p = hn::MulAdd(p, f, hn::Set(df, 1.420217380e-01f));
  p = hn::MulAdd(p, f, hn::Set(df, -1.664224760e-01f));
  p = hn::MulAdd(p, f, hn::Set(df, 2.000146858e-01f));
  p = hn::MulAdd(p, f, hn::Set(df, -2.500029655e-01f));
  p = hn::MulAdd(p, f, hn::Set(df, 3.333332860e-01f));
  const auto f2 = hn::Mul(f, f);
  const auto tail = hn::MulAdd(hn::Mul(p, f), f2, hn::Mul(f2, hn::Set(df, -0.5f)));
  return hn::MulAdd(e, hn::Set(df, 0.693147181f), hn::Add(f, tail));
}

// Box-Muller: words (a, b) → r·cos 2πt, r·sin 2πt with r = √(−2 ln u), u = (a/2 + ½)·2⁻³¹ rounded
// down to 31 bits, t = b·2⁻³².
HWY_INLINE void box_muller(WordVec a, WordVec b, FloatVec& z0, FloatVec& z1) {
  const FloatTag df;
  const IntTag di;
  const WordTag dw;
  const auto u = hn::MulAdd(hn::ConvertTo(df, hn::BitCast(di, hn::ShiftRight<1>(a))),
                            hn::Set(df, 0x1p-31f), hn::Set(df, 0x1p-32f));
  // u may round to 1 and its logarithm to slightly above 0.
  const auto minus_two_log = hn::Mul(log_of_uniform(u), hn::Set(df, -2.0f));
  const auto r = hn::Sqrt(hn::Max(minus_two_log, hn::Zero(df)));

  // Nearest quarter turn q, and the rest in [−1/8, 1/8] turns.
  const auto q = hn::ShiftRight<30>(hn::Add(b, hn::Set(dw, 0x20000000u)));
  const auto rest = hn::Mul(hn::ConvertTo(df, hn::BitCast(di, hn::Sub(b, hn::ShiftLeft<30>(q)))),
                            hn::Set(df, 0x1p-32f));
  const auto s2 = hn::Mul(rest, rest);
  auto sine = hn::Set(df, 4.147289076e+01f);
  sine = hn::MulAdd(sine, s2, hn::Set(df, -7.669786815e+01f));
  sine = hn::MulAdd(sine, s2, hn::Set(df, 8.160520473e+01f));
  sine = hn::MulAdd(sine, s2, hn::Set(df, -4.134170215e+01f));
  sine = hn::MulAdd(sine, s2, hn::Set(df, 6.283185307e+00f));
  sine = hn::Mul(sine, rest);
  auto cosine = hn::Set(df, 5.922028813e+01f);
  cosine = hn::MulAdd(cosine, s2, hn::Set(df, -8.544284840e+01f));
  cosine = hn::MulAdd(cosine, s2, hn::Set(df, 6.493931617e+01f));
  cosine = hn::MulAdd(cosine, s2, hn::Set(df, -1.973920865e+01f));
  cosine = hn::MulAdd(cosine, s2, hn::Set(df, 1.0f));

  // Turned by q quarters: odd q swaps sine and cosine; the signs follow bits of q and q + 1.
  const auto swap =
      hn::MaskFromVec(hn::BitCast(df, hn::Neg(hn::BitCast(di, hn::And(q, hn::Set(dw, 1u))))));
  const auto cos_abs = hn::IfThenElse(swap, sine, cosine);
  const auto sin_abs = hn::IfThenElse(swap, cosine, sine);
  const auto sin_sign = hn::ShiftLeft<30>(hn::And(q, hn::Set(dw, 2u)));
  const auto cos_sign = hn::ShiftLeft<30>(hn::And(hn::Add(q, hn::Set(dw, 1u)), hn::Set(dw, 2u)));
  z0 = hn::Mul(r, hn::Xor(cos_abs, hn::BitCast(df, cos_sign)));
  z1 = hn::Mul(r, hn::Xor(sin_abs, hn::BitCast(df, sin_sign)));
}

// The words of one Philox call for the chains of one register.
struct PhiloxWords {
  WordVec w0, w1, w2, w3;
};

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE PhiloxWords philox_words(base::PhiloxKey key, const std::uint64_t* HWY_RESTRICT chain_id,
                                    std::uint64_t call) {
  const WordTag dw;
  const auto w = base::philox(
      {static_cast<std::uint32_t>(call), static_cast<std::uint32_t>(call >> 32),
       static_cast<std::uint32_t>(*chain_id), static_cast<std::uint32_t>(*chain_id >> 32)},
      key);
  return {hn::Set(dw, w[0]), hn::Set(dw, w[1]), hn::Set(dw, w[2]), hn::Set(dw, w[3])};
}

#else

using WideTag = hn::Repartition<std::uint64_t, WordTag>;
using WideVec = hn::Vec<WideTag>;

// Half of a Philox state: the words of every other chain, each in the low half of a 64-bit lane.
// What is left in the high halves is never read, which saves masking.
struct PhiloxHalf {
  WideVec c0, c1, c2, c3;
};

HWY_INLINE void philox_rounds(PhiloxHalf& s, base::PhiloxKey key) {
  const WideTag dd;
  const WordTag dw;
  const auto m0 = hn::BitCast(dw, hn::Set(dd, std::uint64_t{base::kPhiloxM0}));
  const auto m1 = hn::BitCast(dw, hn::Set(dd, std::uint64_t{base::kPhiloxM1}));
  for (int round = 0; round < base::kPhiloxRounds; ++round) {
    const auto p0 = hn::MulEven(m0, hn::BitCast(dw, s.c0));
    const auto p1 = hn::MulEven(m1, hn::BitCast(dw, s.c2));
    const auto k0 = hn::Set(dd, std::uint64_t{key[0]});
    const auto k1 = hn::Set(dd, std::uint64_t{key[1]});
    s.c0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), s.c1), k0);
    s.c2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), s.c3), k1);
    s.c1 = p1;
    s.c3 = p0;
    key[0] += base::kPhiloxW0;
    key[1] += base::kPhiloxW1;
  }
}

// Chains 0, 2, ... of the register run in one half, 1, 3, ... in the other, so that the products of
// 32-bit words have their 64 bits and the words need no shuffles but a blend at the end.
HWY_INLINE PhiloxWords philox_words(base::PhiloxKey key, const std::uint64_t* HWY_RESTRICT chain_id,
                                    std::uint64_t call) {
  const WordTag dw;
  const WideTag dd;
  WideVec even, odd;
  hn::LoadInterleaved2(dd, chain_id, even, odd);
  const auto low = hn::Set(dd, call);
  const auto high = hn::Set(dd, call >> 32);
  PhiloxHalf a{low, high, even, hn::ShiftRight<32>(even)};
  PhiloxHalf b{low, high, odd, hn::ShiftRight<32>(odd)};
  philox_rounds(a, key);
  philox_rounds(b, key);
  const auto merge = [&](WideVec first, WideVec second) {
    return hn::OddEven(hn::BitCast(dw, hn::ShiftLeft<32>(second)), hn::BitCast(dw, first));
  };
  return {merge(a.c0, b.c0), merge(a.c1, b.c1), merge(a.c2, b.c2), merge(a.c3, b.c3)};
}

#endif

// What one Philox call gives each of the 16 chains.
struct CallWords {
  PhiloxWords of[kRegisters];
};

HWY_INLINE CallWords call_words(base::PhiloxKey key, const std::uint64_t* HWY_RESTRICT chain_id,
                                std::uint64_t call) {
  CallWords words;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    words.of[i] = philox_words(key, chain_id + i * kRegisterLanes, call);
  }
  return words;
}

// Words 0, 1 of a call make normals 0, 1, and words 2, 3 normals 2, 3.
HWY_INLINE void normals_of(const CallWords& words, Lanes (&z)[4]) {
  for (std::size_t i = 0; i < kRegisters; ++i) {
    box_muller(words.of[i].w0, words.of[i].w1, z[0].r[i], z[1].r[i]);
    box_muller(words.of[i].w2, words.of[i].w3, z[2].r[i], z[3].r[i]);
  }
}

// Uniforms on (0, 1): (top 23 bits + ½)·2⁻²³.
HWY_INLINE void uniforms_of(const CallWords& words, Lanes (&u)[4]) {
  const FloatTag df;
  const IntTag di;
  const auto uniform = [&](WordVec w) HWY_ATTR {
    return hn::MulAdd(hn::ConvertTo(df, hn::BitCast(di, hn::ShiftRight<9>(w))),
                      hn::Set(df, 0x1p-23f), hn::Set(df, 0x1p-24f));
  };
  for (std::size_t i = 0; i < kRegisters; ++i) {
    u[0].r[i] = uniform(words.of[i].w0);
    u[1].r[i] = uniform(words.of[i].w1);
    u[2].r[i] = uniform(words.of[i].w2);
    u[3].r[i] = uniform(words.of[i].w3);
  }
}

// f(i, z) with the normals z of words first_word + i, i = 0, ..., n − 1, of 16 chains, in order. A
// call that serves two steps is drawn once: its unused numbers are kept in `cache`.
template <class F>
HWY_INLINE void for_each_normal(base::PhiloxKey key, const std::uint64_t* HWY_RESTRICT chain_id,
                                std::uint64_t first_word, std::int64_t n, NoiseCache& cache,
                                const F& f) {
  const auto from_cache = [&](std::uint64_t word) HWY_ATTR {
    if (cache.call != word / 4) {
      Lanes z[4];
      normals_of(call_words(key, chain_id, word / 4), z);
      for (std::int64_t row = 0; row < 4; ++row) store_lanes(z[row], cache.rows + row * kLanes);
      cache.call = word / 4;
    }
    return load_lanes(cache.rows + word % 4 * kLanes);
  };
  std::uint64_t word = first_word;
  std::int64_t i = 0;
  for (; word % 4 != 0 && i < n; ++i, ++word) f(i, from_cache(word));
  if (i + 4 <= n) {
    // The words of the next call are drawn while the normals of this one are made: two chains of
    // dependent instructions side by side.
    CallWords words = call_words(key, chain_id, word / 4);
    while (true) {
      const bool more = i + 8 <= n;
      const CallWords next = more ? call_words(key, chain_id, word / 4 + 1) : words;
      Lanes z[4];
      normals_of(words, z);
      for (std::int64_t row = 0; row < 4; ++row) f(i + row, z[row]);
      i += 4;
      word += 4;
      if (!more) break;
      words = next;
    }
  }
  for (; i < n; ++i, ++word) f(i, from_cache(word));
}

// The uniform of word `word` of 16 chains, on (0, 1).
HWY_INLINE Lanes uniform_lanes(base::PhiloxKey key, const std::uint64_t* HWY_RESTRICT chain_id,
                               std::uint64_t word, NoiseCache& cache) {
  if (cache.call != word / 4) {
    Lanes u[4];
    uniforms_of(call_words(key, chain_id, word / 4), u);
    for (std::int64_t row = 0; row < 4; ++row) store_lanes(u[row], cache.rows + row * kLanes);
    cache.call = word / 4;
  }
  return load_lanes(cache.rows + word % 4 * kLanes);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_NORMALS_INL_H_
