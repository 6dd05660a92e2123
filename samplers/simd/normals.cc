#include "samplers/simd/normals.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/simd/normals.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/normals-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void fill_normals(base::PhiloxKey key, const std::uint64_t* chain_id, std::uint64_t first_call,
                  std::int64_t n_calls, float* out) {
  NoiseCache cache;
  for_each_normal(key, chain_id, 4 * first_call, 4 * n_calls, cache,
                  [&](std::int64_t i, const Lanes& z) { store_lanes(z, out + i * kLanes); });
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(fill_normals);

void fill_block_normals(base::PhiloxKey key, const std::uint64_t* chain_id,
                        std::uint64_t first_call, std::int64_t n_calls, float* out) {
  HWY_DYNAMIC_DISPATCH(fill_normals)(key, chain_id, first_call, n_calls, out);
}

}  // namespace ebm::samplers
#endif
