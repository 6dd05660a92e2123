#pragma once

#include <algorithm>
#include <cstdint>

#include "samplers/kernel.h"

namespace ebm::samplers {

/// The steps of a kernel that always moves, along the gradient at the current state: evaluates all
/// blocks, unless they are evaluated, and updates each; n_steps times. Stops after the first step
/// at which a chain became non-finite (NaN or infinity).
/// @param update  update(block, step) moves one block by the step of that number; returns its first
///                lane whose energy, gradient or new state is not finite, or −1
template <class Update>
StepInfo step_loop(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                   std::int64_t n_steps, const Update& update) {
  StepInfo info;
  if (n_steps == 0) return info;
  bool evaluated =
      std::all_of(chains.evaluated.begin(), chains.evaluated.end(), [](auto e) { return e != 0; });
  std::fill(chains.evaluated.begin(), chains.evaluated.end(), 0);
  for (; info.n_steps < n_steps; ++info.n_steps, evaluated = false) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    if (!evaluated) {
      evaluator.evaluate({chains.n_blocks, chains.x, chains.context}, chains.energy,
                         chains.energy_grad);
    }
    std::int64_t tainted = -1;
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      const std::int64_t lane = update(block, step);
      if (tainted < 0 && lane >= 0) tainted = block * kLanes + lane;
    }
    if (tainted >= 0) {
      info.non_finite = first_non_finite(chains, tainted, step);
      return info;
    }
  }
  return info;
}

}  // namespace ebm::samplers
