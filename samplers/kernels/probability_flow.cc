#include "samplers/kernels/probability_flow.h"

#include "samplers/kernels/heun.h"

namespace ebm::samplers {

std::optional<NonFinite> ProbabilityFlow::descend(const ChainBlocks& chains,
                                                  ChainsAtLevel& levelled, Evaluator& evaluator,
                                                  const Descent& step) const {
  // With σ in the part of time, which falls: dx/d(−σ) = −σ·∇E.
  const float h = step.from - step.to;
  levelled.evaluate(evaluator, step.from);
  std::int64_t tainted = heun_predict(chains, h * step.from);
  if (tainted < 0) {
    levelled.evaluate(evaluator, step.to);
    tainted = heun_correct(chains, h * step.to);
  }
  if (tainted < 0) return std::nullopt;
  return first_non_finite(chains, tainted, step.rng.first_step);
}

}  // namespace ebm::samplers
