// Operands of products in bfloat16, of 16 chains at a time. Compiled once per SIMD target.

#if defined(EBM_NETS_BF16_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_BF16_INL_H_
#undef EBM_NETS_BF16_INL_H_
#else
#define EBM_NETS_BF16_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {
namespace lanes = samplers::HWY_NAMESPACE;
using lanes::Lanes;

// bf16_rounded() of each lane.
HWY_INLINE Lanes rounded_to_bf16(const Lanes& a) {
  return lanes::map_lanes(
      [](auto x) HWY_ATTR {
        namespace hn = hwy::HWY_NAMESPACE;
        const lanes::FloatTag df;
        const lanes::WordTag du;
        const auto bits = hn::BitCast(du, x);
        const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
        const auto nearest = hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7FFF)));
        const auto quiet = hn::Or(bits, hn::Set(du, 0x400000));
        const auto kept =
            hn::IfThenElse(hn::Eq(x, x), hn::BitCast(df, nearest), hn::BitCast(df, quiet));
        return hn::BitCast(df, hn::And(hn::BitCast(du, kept), hn::Set(du, 0xFFFF0000)));
      },
      a);
}

// The same of n values of 16 chains.
static HWY_NOINLINE void round_values(const float* HWY_RESTRICT in, std::int64_t n,
                                      float* HWY_RESTRICT out) {
  for (std::int64_t i = 0; i < n * samplers::kLanes; i += samplers::kLanes) {
    lanes::store_lanes(rounded_to_bf16(lanes::load_lanes(in + i)), out + i);
  }
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_BF16_INL_H_
