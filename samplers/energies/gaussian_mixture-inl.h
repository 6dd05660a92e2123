// A mixture of isotropic Gaussians at the chains of one block. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_GAUSSIAN_MIXTURE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_GAUSSIAN_MIXTURE_INL_H_
#undef EBM_SAMPLERS_GAUSSIAN_MIXTURE_INL_H_
#else
#define EBM_SAMPLERS_GAUSSIAN_MIXTURE_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include "samplers/energies/gaussian_mixture.h"
#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// log₂ of the part of mode k, without what all modes share.
template <std::size_t kDim>
HWY_INLINE Lanes compact_log_part(const MixtureView& m, std::int64_t k, const Lanes (&x)[kDim]) {
  const float* slope = m.slopes + k * static_cast<std::int64_t>(kDim);
  Lanes part = all_lanes(m.offsets[k]);
  for (std::size_t d = 0; d < kDim; ++d) part = mul_add(x[d], all_lanes(slope[d]), part);
  return part;
}

template <std::size_t kDim>
HWY_INLINE Lanes log_part(const MixtureView& m, std::int64_t k, const Lanes (&x)[kDim]) {
  if (m.is_compact) return compact_log_part(m, k, x);
  const float* mean = m.means + k * static_cast<std::int64_t>(kDim);
  Lanes squared = all_lanes(0.0f);
  for (std::size_t d = 0; d < kDim; ++d) {
    const Lanes offset = x[d] - all_lanes(mean[d]);
    squared = mul_add(offset, offset, squared);
  }
  return neg_mul_add(all_lanes(m.half_precision_base2), squared, all_lanes(m.offsets[k]));
}

// Sums over the modes of their parts and of their means times parts. There are two of each, for
// even and odd modes, as the additions into one would wait for each other.
template <std::size_t kDim>
struct MixtureSums {
  Lanes total = all_lanes(0.0f);
  Lanes mean[kDim];

  HWY_INLINE MixtureSums() {
    for (Lanes& sum : mean) sum = all_lanes(0.0f);
  }
  HWY_INLINE void add(const MixtureSums& others) {
    total = total + others.total;
    for (std::size_t d = 0; d < kDim; ++d) mean[d] = mean[d] + others.mean[d];
  }
  HWY_INLINE void add(const MixtureView& m, std::int64_t k, const Lanes& part) {
    total = total + part;
    for (std::size_t d = 0; d < kDim; ++d) {
      const float mode =
          m.means[k * static_cast<std::int64_t>(kDim) + static_cast<std::int64_t>(d)];
      mean[d] = mul_add(part, all_lanes(mode), mean[d]);
    }
  }
};

// E and ∇E = (x − Σ_k r_k μ_k)/s² with responsibilities r, in registers. A chain further out than
// `near_squared` takes its largest part out of the exponentials, so that they neither overflow nor
// all vanish; nearer ones need not. As each chain decides for itself, its bits do not depend on the
// others of its block, which only decide whether the largest parts are looked for at all.
template <std::size_t kDim>
HWY_INLINE void gaussian_mixture(const MixtureView& m, const Lanes (&x)[kDim], Lanes& energy,
                                 Lanes (&grad)[kDim]) {
  Lanes squared = x[0] * x[0];
  for (std::size_t d = 1; d < kDim; ++d) squared = mul_add(x[d], x[d], squared);
  // What brings a NaN of x into the energy, as log_of_normal would not pass it on.
  energy = mul_add(squared, all_lanes(m.half_precision_taken_out), all_lanes(m.shift));
  MixtureSums<kDim> sums, odd;
  if (!any_greater(squared, all_lanes(m.near_squared))) {
    std::int64_t k = 0;
    for (; k + 1 < m.n_modes; k += 2) {
      sums.add(m, k, exp2_in_range(compact_log_part(m, k, x)));
      odd.add(m, k + 1, exp2_in_range(compact_log_part(m, k + 1, x)));
    }
    if (k < m.n_modes) sums.add(m, k, exp2_in_range(compact_log_part(m, k, x)));
  } else {
    Lanes largest = log_part(m, 0, x);
    for (std::int64_t k = 1; k < m.n_modes; ++k) {
      largest = max_lanes(largest, log_part(m, k, x));
    }
    largest = zero_unless_greater(squared, all_lanes(m.near_squared), largest);
    for (std::int64_t k = 0; k < m.n_modes; ++k) {
      const Lanes part = log_part(m, k, x) - largest;
      (k % 2 == 0 ? sums : odd).add(m, k, exp2_in_range(max_lanes(all_lanes(-126.0f), part)));
    }
    energy = neg_mul_add(largest, all_lanes(0.693147181f), energy);
  }
  sums.add(odd);
  energy = energy - log_of_normal(sums.total);
  const Lanes precision = all_lanes(2.0f * m.half_precision);
  const Lanes scale = precision / sums.total;
  for (std::size_t d = 0; d < kDim; ++d) {
    grad[d] = neg_mul_add(scale, sums.mean[d], precision * x[d]);
  }
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_GAUSSIAN_MIXTURE_INL_H_
