#include "samplers/kernels/gradient_descent.h"

namespace ebm::samplers {

GradientDescent::GradientDescent(const GradientDescentOptions& options)
    : noiseless_({.step_size = options.step_size, .noise_scale = 0.0f, .box = options.box}) {}

StepInfo GradientDescent::advance(const ChainBlocks& chains, Evaluator& evaluator,
                                  const ChainRng& rng, std::int64_t n_steps) const {
  return noiseless_.advance(chains, evaluator, rng, n_steps);
}

std::string GradientDescent::divergence_hint() const { return noiseless_.divergence_hint(); }

}  // namespace ebm::samplers
