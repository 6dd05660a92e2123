#pragma once

#include <cstdint>

#include "base/philox.h"
#include "samplers/simd/lane_count.h"

namespace ebm::samplers {

/// The normals that kernels draw: those of words 4·first_call, ... for the 16 chains of a block,
/// out [4·n_calls, kLanes], 64-byte aligned. Box-Muller on the words of base::philox with counter
/// (call, chain id): words (a, b) → r·cos 2πt, r·sin 2πt, r = √(−2 ln u), u = (⌊a/2⌋ + ½)·2⁻³¹, t =
/// b·2⁻³².
void fill_block_normals(base::PhiloxKey key, const std::uint64_t* chain_id,
                        std::uint64_t first_call, std::int64_t n_calls, float* out);

}  // namespace ebm::samplers
