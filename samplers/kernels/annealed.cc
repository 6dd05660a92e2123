#include "samplers/kernels/annealed.h"

#include <utility>

#include "base/require.h"

namespace ebm::samplers {

void AnnealedOptions::validate() const {
  base::require_at_least("n_steps", n_steps, 1);
  temperature.validate("temperature");
  step_size.validate("step_size");
}

Annealed::Annealed(MakeKernel make_kernel, const AnnealedOptions& options)
    : make_kernel_(std::move(make_kernel)), options_(options) {
  options_.validate();
}

std::unique_ptr<const Kernel> Annealed::kernel_at(std::uint64_t step) const {
  return make_kernel_(static_cast<float>(options_.step_size.at(step, options_.n_steps)),
                      static_cast<float>(options_.temperature.at(step, options_.n_steps)));
}

StepInfo Annealed::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const {
  StepInfo all;
  while (all.n_steps < n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(all.n_steps);
    all += kernel_at(step)->advance(chains, evaluator, {rng.key, step}, 1);
    if (all.non_finite) break;
  }
  return all;
}

bool Annealed::keeps_momentum() const { return kernel_at(0)->keeps_momentum(); }

std::string Annealed::divergence_hint() const { return kernel_at(0)->divergence_hint(); }

}  // namespace ebm::samplers
