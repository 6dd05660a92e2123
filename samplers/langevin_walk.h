#pragma once

#include <cstdint>

#include "base/philox.h"
#include "samplers/chain_block.h"

namespace ebm::samplers {

/// Langevin steps of one block of 16 chains, for energies that make them with the state in
/// registers (Evaluator::walk_langevin).
struct LangevinWalk {
  float* x;                       ///< [dim, kLanes], updated
  float* energy;                  ///< [kLanes], written: before the last step
  float* energy_grad;             ///< [dim, kLanes], written: before the last step
  const float* sigma;             ///< [kLanes], standard deviation of each chain's noise
  const std::uint64_t* chain_id;  ///< [kLanes]
  float step_size;
  float max_grad;  ///< bound on |energy_grad| entries, +inf for none
  float low;       ///< box that clamps, −inf for none
  float high;      ///< box that clamps, +inf for none
  base::PhiloxKey key;
  std::uint64_t first_step;
  std::int64_t n_steps;
};

}  // namespace ebm::samplers
