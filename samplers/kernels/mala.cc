#include "samplers/kernels/mala.h"

#include <cmath>

#include "base/require.h"

namespace ebm::samplers {
namespace {

HmcOptions one_leapfrog_step(const MalaOptions& options) {
  options.validate();
  return {.step_size = std::sqrt(2.0f * options.step_size),
          .n_leapfrog = 1,
          .temperature = options.temperature,
          .inverse_mass = options.preconditioner,
          .box = options.box};
}

}  // namespace

void MalaOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_positive("temperature", temperature);
  for (const float p : preconditioner) base::require_positive("preconditioner", p);
  if (box) box->validate();
}

Mala::Mala(const MalaOptions& options) : one_leapfrog_(one_leapfrog_step(options)) {}

StepInfo Mala::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                       std::int64_t n_steps) const {
  return one_leapfrog_.advance(chains, evaluator, rng, n_steps);
}

std::string Mala::divergence_hint() const { return kStartHint; }

}  // namespace ebm::samplers
