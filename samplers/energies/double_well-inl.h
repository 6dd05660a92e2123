// The double well of the chains of one block. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_DOUBLE_WELL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_DOUBLE_WELL_INL_H_
#undef EBM_SAMPLERS_DOUBLE_WELL_INL_H_
#else
#define EBM_SAMPLERS_DOUBLE_WELL_INL_H_
#endif

#include <cstddef>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Adds (x² − 1)² to `sum`; gives the derivative 4·height·x·(x² − 1), where slope = 4·height.
HWY_INLINE Lanes double_well_coordinate(const Lanes& slope, const Lanes& x, Lanes& sum) {
  const Lanes excess = mul_add(x, x, all_lanes(-1.0f));
  sum = mul_add(excess, excess, sum);
  return slope * x * excess;
}

// Energy and gradient in registers, with the bits of the evaluator.
template <std::size_t kDim>
HWY_INLINE void double_well(float height, const Lanes (&x)[kDim], Lanes& energy,
                            Lanes (&grad)[kDim]) {
  const Lanes slope = all_lanes(4.0f * height);
  Lanes sum = all_lanes(0.0f);
  for (std::size_t d = 0; d < kDim; ++d) grad[d] = double_well_coordinate(slope, x[d], sum);
  energy = all_lanes(height) * sum;
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_DOUBLE_WELL_INL_H_
