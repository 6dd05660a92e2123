// Sums over the coordinates of a block, exact enough for many of them. Compiled once per SIMD
// target.

#if defined(EBM_SAMPLERS_SUM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_SUM_INL_H_
#undef EBM_SAMPLERS_SUM_INL_H_
#else
#define EBM_SAMPLERS_SUM_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Σ_d of what add(d, sum) adds to `sum`, d = 0, ..., dim − 1. Beyond 64 terms in parts of 64, of
// four sums each that do not wait for one another; the parts are added with their rounding errors
// kept (Knuth's two-sum), without which a Hamiltonian of a million coordinates would be wrong by
// about 1 and proposals rejected for that.
template <class Add>
HWY_INLINE Lanes sum_over(std::int64_t dim, const Add& add) {
  constexpr std::int64_t kPart = 64, kSums = 4;
  const Lanes zero = all_lanes(0.0f);
  if (dim <= kPart) {
    Lanes sum = zero;
    for (std::int64_t d = 0; d < dim; ++d) add(d, sum);
    return sum;
  }
  Lanes total = zero, lost = zero;
  for (std::int64_t first = 0; first < dim; first += kPart) {
    const std::int64_t end = std::min(first + kPart, dim);
    Lanes sum[kSums] = {zero, zero, zero, zero};
    std::int64_t d = first;
    for (; d + kSums <= end; d += kSums) {
      for (std::int64_t i = 0; i < kSums; ++i) add(d + i, sum[i]);
    }
    for (; d < end; ++d) add(d, sum[0]);
    const Lanes part = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    const Lanes next = total + part, added = next - total;
    lost = lost + ((total - (next - added)) + (part - added));
    total = next;
  }
  return total + lost;
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_SUM_INL_H_
