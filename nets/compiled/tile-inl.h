// How sums and gradients for 16 chains are written. Compiled once per SIMD target.

#if defined(EBM_NETS_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef EBM_NETS_TILE_INL_H_
#undef EBM_NETS_TILE_INL_H_
#else
#define EBM_NETS_TILE_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "nets/compiled/plan_ops.h"
#include "nets/compiled/tile_tasks.h"
#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::nets::HWY_NAMESPACE {
namespace lanes = samplers::HWY_NAMESPACE;
using lanes::Lanes;
inline constexpr std::int64_t kLanes = samplers::kLanes;

// Writes a sum, at an offset in lanes.
HWY_INLINE void finish(Lanes sum, const TileEnd& end, std::int64_t at, float* HWY_RESTRICT out) {
  if (end.adds) sum = sum + lanes::load_lanes(out + at * kLanes);
  if (end.derivative != nullptr) sum = sum * lanes::load_lanes(end.derivative + at * kLanes);
  lanes::store_lanes(sum, out + at * kLanes);
}

// Hands a gradient to an input of an operation: f(i) is what reaches value i.
template <class F>
HWY_INLINE void hand(const PlanRun& run, const PlanInput& input, const F& f) {
  const TileEnd end = run.end_of(input);
  float* HWY_RESTRICT to = run.grad(input.value);
  for (std::int64_t i = 0; i < run.info(input.value).size; ++i) finish(f(i), end, i, to);
}

}  // namespace ebm::nets::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // EBM_NETS_TILE_INL_H_
