#include "samplers/kernels/annealed_langevin.h"

#include "base/require.h"
#include "samplers/kernels/level_steps.h"
#include "samplers/kernels/stack_memory.h"

namespace ebm::samplers {

void AnnealedLangevinOptions::validate() const {
  levels.validate();
  base::require_at_least("levels", n_levels, 2);
  require_steps_of_levels(n_levels, n_steps);
  base::require_positive("step_size", double{step_size});
  base::require_non_negative("temperature", double{temperature});
  if (box) box->validate();
}

AnnealedLangevin::AnnealedLangevin(const AnnealedLangevinOptions& options) : options_(options) {
  options_.validate();
  levels_ = geometric_levels(options_.levels, options_.n_levels);
  for (const float sigma : levels_) {
    const float step_size = options_.step_size * sigma * sigma;
    kernels_.emplace_back(LangevinOptions{
        .step_size = step_size, .noise_scale = noise_scale_of(step_size, options_.temperature)});
  }
}

std::size_t AnnealedLangevin::level_of(std::int64_t step) const {
  return level_of_step(step, options_.n_steps, levels_.size());
}

StepInfo AnnealedLangevin::advance(const ChainBlocks& chains, Evaluator& evaluator,
                                   const ChainRng& rng, std::int64_t n_steps) const {
  StepInfo all;
  if (n_steps == 0) return all;
  StackMemory memory;
  ChainsAtLevel levelled(chains, memory.resource());
  while (all.n_steps < n_steps && !all.non_finite) {
    const std::int64_t step = static_cast<std::int64_t>(rng.first_step) + all.n_steps;
    const std::size_t level = level_of(step);
    if (step + 1 == options_.n_steps) {
      all.non_finite = levelled.remove_noise(evaluator, levels_[level], options_.box,
                                             static_cast<std::uint64_t>(step));
      if (!all.non_finite) ++all.n_steps;
      continue;
    }
    // All steps of the level that are asked for, but the last of all.
    const std::int64_t most = n_steps - all.n_steps;
    std::int64_t now = 1;
    while (now < most && step + now + 1 != options_.n_steps && level_of(step + now) == level) {
      ++now;
    }
    all += kernels_[level].advance(levelled.at(levels_[level]), evaluator,
                                   {rng.key, static_cast<std::uint64_t>(step)}, now);
  }
  return all;
}

std::string AnnealedLangevin::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
