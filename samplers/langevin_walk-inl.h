// The Langevin step, alone and with an energy compiled into it. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_LANGEVIN_WALK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
#undef EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
#else
#define EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstdint>

#include "samplers/langevin_walk.h"
#include "samplers/normals-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

struct LangevinStep {
  Lanes step_size, max_grad, low, high;
};

HWY_INLINE LangevinStep langevin_step(const LangevinWalk& walk) {
  return {all_lanes(walk.step_size), all_lanes(walk.max_grad), all_lanes(walk.low),
          all_lanes(walk.high)};
}

// x − step_size·clamp(grad) + sigma·z, in the box. Adds 0·v of every value v that has to be finite
// to `taint`, which turns it into NaN if one is not: one FMA instead of a compare, and the minimum
// and maximum would hide a NaN.
template <bool kClamps>
HWY_INLINE Lanes langevin_move(const LangevinStep& s, const Lanes& x, const Lanes& grad,
                               const Lanes& sigma, const Lanes& z, Lanes& taint) {
  const Lanes zero = all_lanes(0.0f);
  const Lanes clamped = kClamps ? min_lanes(max_lanes(grad, -s.max_grad), s.max_grad) : grad;
  const Lanes moved = mul_add(sigma, z, neg_mul_add(s.step_size, clamped, x));
  taint = mul_add(zero, grad, mul_add(zero, moved, taint));
  return kClamps ? min_lanes(max_lanes(moved, s.low), s.high) : moved;
}

// All steps of a walk with the state in registers: kDim is 1 or 2, so that a Philox call serves
// four steps or two. evaluate(x, energy, grad) is the energy.
template <std::size_t kDim, bool kClamps, class Evaluate>
HWY_INLINE bool walk_in_registers(const LangevinWalk& walk, const Evaluate& evaluate) {
  static_assert(kDim == 1 || kDim == 2);
  const LangevinStep s = langevin_step(walk);
  const Lanes sigma = load_lanes(walk.sigma);
  Lanes x[kDim], grad[kDim], energy, taint = all_lanes(0.0f);
  for (std::size_t d = 0; d < kDim; ++d) x[d] = load_lanes(walk.x + d * kLanes);
  const auto step = [&](const Lanes* HWY_RESTRICT z) HWY_ATTR {
    evaluate(x, energy, grad);
    taint = mul_add(all_lanes(0.0f), energy, taint);
    for (std::size_t d = 0; d < kDim; ++d) {
      x[d] = langevin_move<kClamps>(s, x[d], grad[d], sigma, z[d], taint);
    }
  };
  constexpr std::uint64_t kSteps = 4 / kDim;  // of one call
  const std::uint64_t end = walk.first_step + static_cast<std::uint64_t>(walk.n_steps);
  std::uint64_t now = walk.first_step;
  CallWords words = call_words(walk.key, walk.chain_id, now / kSteps);
  while (now < end) {
    const std::uint64_t call = now / kSteps;
    Lanes z[4];
    // Drawn beside the use of the words before: two chains of dependent instructions side by side.
    const CallWords next = call_words(walk.key, walk.chain_id, call + 1);
    normals_of(words, z);
    if (now % kSteps == 0 && now + kSteps <= end) {
      for (std::uint64_t i = 0; i < kSteps; ++i) step(z + i * kDim);
      now += kSteps;
    } else {
      for (; now / kSteps == call && now < end; ++now) step(z + now % kSteps * kDim);
    }
    words = next;
  }
  for (std::size_t d = 0; d < kDim; ++d) {
    store_lanes(x[d], walk.x + d * kLanes);
    store_lanes(grad[d], walk.energy_grad + d * kLanes);
  }
  store_lanes(energy, walk.energy);
  return is_untainted(taint);
}

template <std::size_t kDim, class Evaluate>
HWY_INLINE bool walk_in_registers(const LangevinWalk& walk, const Evaluate& evaluate) {
  const bool clamps =
      std::isfinite(walk.max_grad) || std::isfinite(walk.low) || std::isfinite(walk.high);
  return clamps ? walk_in_registers<kDim, true>(walk, evaluate)
                : walk_in_registers<kDim, false>(walk, evaluate);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
