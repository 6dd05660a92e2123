#pragma once

#include <cstdint>

#include "base/philox.h"
#include "samplers/chain_block.h"

namespace ebm::samplers {

/// Normals of one block that were drawn and not yet all used. With dim = 2 one Philox call serves
/// two steps, so they outlive a step.
struct NormalCache {
  static constexpr std::int64_t kWords = 64;
  alignas(64) float normals[kWords * kLanes];
  std::uint64_t begin = 0;  ///< word of the first row
  std::uint64_t end = 0;    ///< one past the word of the last row; begin == end: empty
};

/// One Langevin step of one block of 16 chains.
struct LangevinUpdate {
  float* x;                       ///< [dim, kLanes], updated
  const float* energy_grad;       ///< [dim, kLanes]
  const float* temperature;       ///< [kLanes]
  const std::uint64_t* chain_id;  ///< [kLanes]
  std::int64_t dim;
  float step_size;
  float noise_scale;
  float max_grad;  ///< bound on |energy_grad| entries, +inf for none
  float low;       ///< box, −inf for none
  float high;      ///< box, +inf for none
  base::PhiloxKey key;
  std::uint64_t first_word;  ///< word of coordinate 0's noise
};

/// Makes the step with the widest SIMD target of the machine.
/// @return whether every gradient and every new state, before the box, was finite.
bool update_block(const LangevinUpdate& update, NormalCache& cache);

/// Normals of words first_call·4, ... for the 16 chains of a block: out [4·n_calls, kLanes],
/// 64-byte aligned. Box-Muller on the words of base::philox with counter (call, chain id).
void fill_block_normals(base::PhiloxKey key, const std::uint64_t* chain_id,
                        std::uint64_t first_call, std::int64_t n_calls, float* out);

}  // namespace ebm::samplers
