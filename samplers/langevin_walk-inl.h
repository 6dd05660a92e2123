// The Langevin step, alone and with an energy compiled into it. Compiled once per SIMD target.

#if defined(EBM_SAMPLERS_LANGEVIN_WALK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
#undef EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
#else
#define EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "samplers/langevin_walk.h"
#include "samplers/simd/normals-inl.h"

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

// A walk of one block whose state is in registers: kDim is 1 or 2, so that a Philox call serves
// four steps or two. evaluate(x, energy, grad) is the energy, and Evaluate::kUnrolls whether it is
// so short that a copy of it for every step of a call pays.
template <std::size_t kDim, bool kClamps, class Evaluate>
struct RegisterWalk {
  static_assert(kDim == 1 || kDim == 2);
  static constexpr std::uint64_t kSteps = 4 / kDim;  // of one call

  const LangevinWalk& walk;
  const Evaluate& evaluate;
  LangevinStep step;
  Lanes sigma, taint = all_lanes(0.0f), energy = taint;
  Lanes x[kDim], grad[kDim];

  HWY_INLINE RegisterWalk(const LangevinWalk& w, const Evaluate& e)
      : walk(w), evaluate(e), step(langevin_step(w)), sigma(load_lanes(w.sigma)) {
    for (std::size_t d = 0; d < kDim; ++d) x[d] = load_lanes(w.x + d * kLanes);
  }

  // One step with the noise z[0], ..., z[kDim − 1].
  template <bool kTaintsEnergy>
  HWY_INLINE void move(const Lanes* HWY_RESTRICT z) {
    Lanes e;
    evaluate(x, e, grad);
    move_along<kTaintsEnergy>(e, z);
  }

  // The same once energy and gradient are known.
  template <bool kTaintsEnergy>
  HWY_INLINE void move_along(const Lanes& e, const Lanes* HWY_RESTRICT z) {
    if (kTaintsEnergy) {
      energy = e;
      taint = mul_add(all_lanes(0.0f), e, taint);
    }
    for (std::size_t d = 0; d < kDim; ++d) {
      x[d] = langevin_move<kClamps>(step, x[d], grad[d], sigma, z[d], taint);
    }
  }

  template <bool kTaintsEnergy>
  HWY_INLINE void steps(std::uint64_t now, std::uint64_t end) {
    if (now == end) return;
    CallWords words = call_words(walk.key, walk.chain_id, now / kSteps);
    while (now < end) {
      const std::uint64_t call = now / kSteps;
      // Drawn beside the use of the words before: two chains of dependent instructions side by
      // side.
      const CallWords next = call_words(walk.key, walk.chain_id, call + 1);
      Lanes z[4];
      normals_of(words, z);
      if (Evaluate::kUnrolls && now % kSteps == 0 && now + kSteps <= end) {
        for (std::uint64_t i = 0; i < kSteps; ++i) move<kTaintsEnergy>(z + i * kDim);
        now += kSteps;
      } else {
        for (; now / kSteps == call && now < end; ++now) {
          move<kTaintsEnergy>(z + now % kSteps * kDim);
        }
      }
      words = next;
    }
  }

  // One step alone, by evaluate.apart: a copy of a long energy would cost more code than it saves.
  // Of copies, as x and grad would have to be in memory all the time if their addresses were
  // passed.
  HWY_INLINE void step_apart(std::uint64_t now) {
    Lanes here[kDim], grad_here[kDim], e;
    for (std::size_t d = 0; d < kDim; ++d) here[d] = x[d];
    evaluate.apart(here, e, grad_here);
    for (std::size_t d = 0; d < kDim; ++d) grad[d] = grad_here[d];
    Lanes z[4];
    normals_of(call_words(walk.key, walk.chain_id, now / kSteps), z);
    move_along<true>(e, z + now % kSteps * kDim);
  }

  HWY_INLINE void store() const {
    for (std::size_t d = 0; d < kDim; ++d) {
      store_lanes(x[d], walk.x + d * kLanes);
      store_lanes(grad[d], walk.energy_grad + d * kLanes);
    }
    store_lanes(energy, walk.energy);
  }
};

// All steps of a walk. @return whether all was finite
// @tparam kEnergyFollows  the energy is finite wherever x and its gradient are, so that it is
// needed at the last step only and the compiler leaves its arithmetic out of the others
template <std::size_t kDim, bool kEnergyFollows, bool kClamps, class Evaluate>
HWY_INLINE bool walk_all(const LangevinWalk& walk, const Evaluate& evaluate) {
  RegisterWalk<kDim, kClamps, Evaluate> chains(walk, evaluate);
  const std::uint64_t end = walk.first_step + static_cast<std::uint64_t>(walk.n_steps);
  if constexpr (kEnergyFollows) {
    chains.template steps<false>(walk.first_step, end - 1);
    chains.step_apart(end - 1);
  } else {
    chains.template steps<true>(walk.first_step, end);
  }
  chains.store();
  return is_untainted(chains.taint);
}

template <std::size_t kDim, bool kEnergyFollows, class Evaluate>
HWY_INLINE bool walk_in_registers(const LangevinWalk& walk, const Evaluate& evaluate) {
  const bool clamps =
      std::isfinite(walk.max_grad) || std::isfinite(walk.low) || std::isfinite(walk.high);
  return clamps ? walk_all<kDim, kEnergyFollows, true>(walk, evaluate)
                : walk_all<kDim, kEnergyFollows, false>(walk, evaluate);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_SAMPLERS_LANGEVIN_WALK_INL_H_
