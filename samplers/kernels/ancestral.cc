#include "samplers/kernels/ancestral.h"

#include <cmath>

#include "samplers/kernels/langevin.h"

namespace ebm::samplers {
namespace {

/// A step from one level to the next is one of Langevin's.
Langevin step_between(float from, float to) {
  const double kept = double{to} * double{to} / (double{from} * double{from});
  return Langevin({.step_size = static_cast<float>(double{from} * double{from} * (1.0 - kept)),
                   .noise_scale = static_cast<float>(double{to} * std::sqrt(1.0 - kept))});
}

}  // namespace

std::optional<NonFinite> Ancestral::descend(const ChainBlocks& /*chains*/, ChainsAtLevel& levelled,
                                            Evaluator& evaluator, const Descent& step) const {
  return step_between(step.from, step.to)
      .advance(levelled.at(step.from), evaluator, step.rng, 1)
      .non_finite;
}

}  // namespace ebm::samplers
