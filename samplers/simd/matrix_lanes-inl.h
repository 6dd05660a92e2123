// A matrix times the vectors of the chains of one block. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_MATRIX_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_MATRIX_LANES_INL_H_
#undef EBM_SAMPLERS_MATRIX_LANES_INL_H_
#else
#define EBM_SAMPLERS_MATRIX_LANES_INL_H_
#endif

#include <cstdint>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Outputs [first, first + kOuts), so many at a time that their sums keep both FMA units busy.
template <int kOuts>
HWY_INLINE void multiply_columns(const float* HWY_RESTRICT matrix, std::int64_t n_in,
                                 std::int64_t n_out, std::int64_t first,
                                 const float* HWY_RESTRICT in, float* HWY_RESTRICT out) {
  Lanes sums[kOuts];
  for (Lanes& sum : sums) sum = all_lanes(0.0f);
  for (std::int64_t j = 0; j < n_in; ++j) {
    const Lanes value = load_lanes(in + j * kLanes);
    const float* HWY_RESTRICT row = matrix + j * n_out + first;
    for (int i = 0; i < kOuts; ++i) sums[i] = mul_add(value, all_lanes(row[i]), sums[i]);
  }
  for (int i = 0; i < kOuts; ++i) store_lanes(sums[i], out + (first + i) * kLanes);
}

// out_i = Σ_j matrix_ji·in_j in the order of j: matrix [n_in, n_out] row-major, in [n_in, kLanes],
// out [n_out, kLanes].
HWY_INLINE void multiply_transposed(const float* HWY_RESTRICT matrix, std::int64_t n_in,
                                    std::int64_t n_out, const float* HWY_RESTRICT in,
                                    float* HWY_RESTRICT out) {
  constexpr int kOuts = kRegisters >= 8 ? 1 : 8 / static_cast<int>(kRegisters);
  std::int64_t first = 0;
  for (; first + kOuts <= n_out; first += kOuts) {
    multiply_columns<kOuts>(matrix, n_in, n_out, first, in, out);
  }
  for (; first < n_out; ++first) multiply_columns<1>(matrix, n_in, n_out, first, in, out);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_MATRIX_LANES_INL_H_
