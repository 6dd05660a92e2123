#include "samplers/kernels/ancestral.h"

#include <cmath>
#include <string>

#include "base/require.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/stack_memory.h"

namespace ebm::samplers {
namespace {

/// A step from one level to the next is one of Langevin's.
Langevin step_between(float from, float to) {
  const double kept = double{to} * double{to} / (double{from} * double{from});
  return Langevin({.step_size = static_cast<float>(double{from} * double{from} * (1.0 - kept)),
                   .noise_scale = static_cast<float>(double{to} * std::sqrt(1.0 - kept))});
}

}  // namespace

void AncestralOptions::validate() const {
  levels.validate();
  base::require_at_least("steps", n_steps, 1);
  if (box) box->validate();
}

Ancestral::Ancestral(const AncestralOptions& options) : options_(options) {
  options_.validate();
  levels_ = seventh_root_levels(options_.levels, options_.n_steps);
}

StepInfo Ancestral::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                            std::int64_t n_steps) const {
  StepInfo info;
  if (n_steps == 0) return info;
  StackMemory memory;
  ChainsAtLevel levelled(chains, memory.resource());
  while (info.n_steps < n_steps && !info.non_finite) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    if (step >= levels_.size()) {
      info.n_steps = n_steps;
      break;
    }
    const auto i = static_cast<std::size_t>(step);
    if (i + 1 == levels_.size()) {
      info.non_finite = levelled.remove_noise(evaluator, levels_[i], options_.box, step);
      if (!info.non_finite) ++info.n_steps;
    } else {
      info += step_between(levels_[i], levels_[i + 1])
                  .advance(levelled.at(levels_[i]), evaluator, {rng.key, step}, 1);
    }
  }
  return info;
}

std::string Ancestral::divergence_hint() const {
  return "take more steps, or a highest level of noise that the energy was trained at";
}

}  // namespace ebm::samplers
