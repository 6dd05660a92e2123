#include "samplers/kernels/recovery.h"

#include <cmath>

#include "base/require.h"
#include "samplers/kernels/level_steps.h"
#include "samplers/kernels/stack_memory.h"

namespace ebm::samplers {
namespace {

const RecoveryOptions& valid(const RecoveryOptions& options) {
  options.validate();
  return options;
}

}  // namespace

void RecoveryOptions::validate() const {
  levels.validate();
  base::require_at_least("levels", n_levels, 1);
  require_steps_of_levels(n_levels, n_steps);
  base::require_positive("step_size", double{step_size});
  if (box) box->validate();
}

float recovery_ratio(const NoiseLevels& levels, std::int64_t n_levels) {
  return static_cast<float>(std::pow(double{levels.highest} / double{levels.lowest},
                                     1.0 / static_cast<double>(n_levels)));
}

Recovery::Recovery(const RecoveryOptions& options)
    : options_(valid(options)),
      levels_(geometric_levels(options.levels, options.n_levels + 1)),
      conditional_({.ratio = recovery_ratio(options.levels, options.n_levels),
                    .step_size = options.step_size}) {
  levels_.erase(levels_.begin());  // that of the starts
}

std::size_t Recovery::level_of(std::int64_t step) const {
  return level_of_step(step, options_.n_steps, levels_.size());
}

StepInfo Recovery::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const {
  StepInfo info;
  if (n_steps == 0) return info;
  StackMemory memory;
  ChainsAtLevel levelled(chains, memory.resource());
  for (; info.n_steps < n_steps && !info.non_finite; ++info.n_steps) {
    const std::int64_t step = static_cast<std::int64_t>(rng.first_step) + info.n_steps;
    if (step >= options_.n_steps) {
      info.n_steps = n_steps;
      break;
    }
    const std::size_t level = level_of(step);
    if (step + 1 == options_.n_steps) {
      info.non_finite = levelled.remove_noise(evaluator, levels_[level], options_.box,
                                              static_cast<std::uint64_t>(step));
    } else {
      const ChainBlocks& now = levelled.at(levels_[level]);
      if (step == 0 || level_of(step - 1) != level) ConditionalLangevin::begin(now);
      info.non_finite =
          conditional_.advance(now, evaluator, {rng.key, static_cast<std::uint64_t>(step)}, 1)
              .non_finite;
    }
    if (info.non_finite) break;
  }
  return info;
}

std::string Recovery::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
