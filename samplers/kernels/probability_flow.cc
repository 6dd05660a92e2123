#include "samplers/kernels/probability_flow.h"

#include <string>

#include "base/require.h"
#include "samplers/kernels/stack_memory.h"

namespace ebm::samplers {
namespace {

/// One step of Heun. @return the chain that is not finite
std::optional<NonFinite> heun_step(const ChainBlocks& chains, ChainsAtLevel& levelled,
                                   Evaluator& evaluator, float from, float to, std::uint64_t step) {
  const float h = to - from;
  levelled.evaluate(evaluator, from);
  if (auto found = levelled.non_finite(step)) return found;
  for (std::size_t i = 0; i < chains.x.size(); ++i) {
    const float d = from * chains.energy_grad[i];
    chains.momentum[i] = d;
    chains.x[i] += h * d;
  }
  levelled.evaluate(evaluator, to);
  if (auto found = levelled.non_finite(step)) return found;
  for (std::size_t i = 0; i < chains.x.size(); ++i) {
    chains.x[i] += 0.5f * h * (to * chains.energy_grad[i] - chains.momentum[i]);
  }
  return levelled.non_finite(step);
}

}  // namespace

void ProbabilityFlowOptions::validate() const {
  levels.validate();
  base::require_at_least("steps", n_steps, 1);
  if (box) box->validate();
}

ProbabilityFlow::ProbabilityFlow(const ProbabilityFlowOptions& options) : options_(options) {
  options_.validate();
  levels_ = seventh_root_levels(options_.levels, options_.n_steps);
}

StepInfo ProbabilityFlow::advance(const ChainBlocks& chains, Evaluator& evaluator,
                                  const ChainRng& rng, std::int64_t n_steps) const {
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
            : heun_step(chains, levelled, evaluator, levels_[i], levels_[i + 1], step);
    if (info.non_finite) break;
  }
  return info;
}

std::string ProbabilityFlow::divergence_hint() const {
  return "take more steps, or a highest level of noise that the energy was trained at";
}

}  // namespace ebm::samplers
