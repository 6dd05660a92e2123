#include "samplers/kernels/level_descent.h"

#include "base/require.h"
#include "samplers/kernels/stack_memory.h"

namespace ebm::samplers {

void LevelDescentOptions::validate() const {
  levels.validate();
  base::require_at_least("steps", n_steps, 1);
  if (box) box->validate();
}

LevelDescent::LevelDescent(const LevelDescentOptions& options) : options_(options) {
  options_.validate();
  levels_ = seventh_root_levels(options_.levels, options_.n_steps);
}

StepInfo LevelDescent::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                               std::int64_t n_steps) const {
  StepInfo info;
  if (n_steps == 0) return info;
  StackMemory memory;
  ChainsAtLevel levelled(chains, memory.resource());
  for (; info.n_steps < n_steps; ++info.n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    if (step >= levels_.size()) {
      info.n_steps = n_steps;
      break;
    }
    const auto i = static_cast<std::size_t>(step);
    info.non_finite =
        i + 1 == levels_.size()
            ? levelled.remove_noise(evaluator, levels_[i], options_.box, step)
            : descend(chains, levelled, evaluator,
                      {.from = levels_[i], .to = levels_[i + 1], .rng = {rng.key, step}});
    if (info.non_finite) break;
  }
  return info;
}

std::string LevelDescent::divergence_hint() const {
  return "take more steps, or a highest level of noise that the energy was trained at";
}

}  // namespace ebm::samplers
