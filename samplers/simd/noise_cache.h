#pragma once

#include <cstdint>
#include <limits>

#include "samplers/simd/lane_count.h"

namespace ebm::samplers {

/// NoiseCache::call before anything was drawn.
inline constexpr std::uint64_t kNoCall = std::numeric_limits<std::uint64_t>::max();

/// The random numbers of one Philox call for one block. A call gives four words to each chain;
/// those that a step does not use are kept here for the next one.
struct NoiseCache {
  alignas(64) float rows[4 * kLanes];
  std::uint64_t call = kNoCall;
};

}  // namespace ebm::samplers
