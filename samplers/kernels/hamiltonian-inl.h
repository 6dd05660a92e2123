// Hamiltonian dynamics H(x, p) = E(x) + ½ pᵀM⁻¹p of one block, M diagonal, T·t the temperature of a
// lane. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_HAMILTONIAN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_HAMILTONIAN_INL_H_
#undef EBM_SAMPLERS_HAMILTONIAN_INL_H_
#else
#define EBM_SAMPLERS_HAMILTONIAN_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "samplers/box-inl.h"
#include "samplers/simd/normals-inl.h"
#include "samplers/simd/sum-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Diagonal of M⁻¹; no entries: the identity. The loops below have a way of their own for that, with
// the same bits, as looking at the vector for each coordinate would take as long as the arithmetic.
HWY_INLINE float inverse_mass_of(const std::vector<float>& inverse_mass, std::int64_t d) {
  return inverse_mass.empty() ? 1.0f : inverse_mass[static_cast<std::size_t>(d)];
}

HWY_INLINE Lanes kinetic_energy(const float* HWY_RESTRICT p, std::int64_t dim,
                                const std::vector<float>& inverse_mass) {
  if (inverse_mass.empty()) {
    return sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
      const Lanes v = load_lanes(p + d * kLanes);
      part = mul_add(v * v, all_lanes(0.5f), part);
    });
  }
  return sum_over(dim, [&](std::int64_t d, Lanes& part) HWY_ATTR {
    const Lanes v = load_lanes(p + d * kLanes);
    part = mul_add(v * v, all_lanes(0.5f * inverse_mass_of(inverse_mass, d)), part);
  });
}

// p ~ N(0, T·M). @param root_temperature  √(T·t) of each lane @return the kinetic energy
HWY_INLINE Lanes draw_momentum(base::PhiloxKey key, const std::uint64_t* HWY_RESTRICT chain_id,
                               std::uint64_t first_word, std::int64_t dim,
                               const Lanes& root_temperature,
                               const std::vector<float>& inverse_mass, NoiseCache& cache,
                               float* HWY_RESTRICT p) {
  for_each_normal(
      key, chain_id, first_word, dim, cache, [&](std::int64_t d, const Lanes& z) HWY_ATTR {
        const float root_mass = inverse_mass.empty()
                                    ? 1.0f
                                    : 1.0f / std::sqrt(inverse_mass[static_cast<std::size_t>(d)]);
        store_lanes(z * root_temperature * all_lanes(root_mass), p + d * kLanes);
      });
  return kinetic_energy(p, dim, inverse_mass);
}

// p <- p − step·∇E
HWY_INLINE void kick(float* HWY_RESTRICT p, const float* HWY_RESTRICT grad, std::int64_t dim,
                     const Lanes& step) {
  for (std::int64_t d = 0; d < dim; ++d) {
    store_lanes(neg_mul_add(step, load_lanes(grad + d * kLanes), load_lanes(p + d * kLanes)),
                p + d * kLanes);
  }
}

// x <- x + step·M⁻¹p; at a wall the chain bounces and its momentum flips, which keeps H and volume.
HWY_INLINE void drift(float* HWY_RESTRICT x, float* HWY_RESTRICT p, std::int64_t dim,
                      const Lanes& step, const std::vector<float>& inverse_mass,
                      const std::optional<Box>& box) {
  if (inverse_mass.empty() && !box) {
    for (std::int64_t d = 0; d < dim; ++d) {
      float* at = x + d * kLanes;
      store_lanes(mul_add(step, load_lanes(p + d * kLanes), load_lanes(at)), at);
    }
    return;
  }
  for (std::int64_t d = 0; d < dim; ++d) {
    const Lanes speed = load_lanes(p + d * kLanes) * all_lanes(inverse_mass_of(inverse_mass, d));
    Lanes moved = mul_add(step, speed, load_lanes(x + d * kLanes));
    if (box) {
      Lanes flip;
      moved = reflect_lanes(moved, *box, flip);
      store_lanes(load_lanes(p + d * kLanes) * flip, p + d * kLanes);
    }
    store_lanes(moved, x + d * kLanes);
  }
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_HAMILTONIAN_INL_H_
