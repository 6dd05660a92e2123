#include "samplers/kernels/nesterov.h"

#include <limits>

#include "base/require.h"
#include "samplers/kernels/step_loop.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/nesterov.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/box-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Zeros the velocity of lanes in which it leads uphill.
void restart_block(const ChainBlocks& chains, std::int64_t block) {
  const std::int64_t first = block * chains.dim, last = (block + 1) * chains.dim;
  Lanes grad_dot_v = all_lanes(0.0f);
  for (std::int64_t row = first; row < last; ++row) {
    grad_dot_v = mul_add(load_lanes(chains.energy_grad.data() + row * kLanes),
                         load_lanes(chains.momentum.data() + row * kLanes), grad_dot_v);
  }
  const Lanes uphill = less(grad_dot_v, all_lanes(0.0f));
  if (!any(uphill)) return;
  for (std::int64_t row = first; row < last; ++row) {
    float* v = chains.momentum.data() + row * kLanes;
    store_lanes(choose(uphill, all_lanes(0.0f), load_lanes(v)), v);
  }
}

// One step of a block. @return the first lane whose energy, gradient or new state, before the box,
// is not finite, or −1
std::int64_t nesterov_step(const ChainBlocks& chains, std::int64_t block, std::uint64_t step,
                           const NesterovOptions& options) {
  const bool in_box = options.box && step >= static_cast<std::uint64_t>(options.first_step_in_box);
  if (options.restart) restart_block(chains, block);
  const Lanes zero = all_lanes(0.0f), momentum = all_lanes(options.momentum);
  const Lanes step_size = all_lanes(options.step_size);
  Lanes taint = zero * load_lanes(chains.energy.data() + block * kLanes);
  for (std::int64_t row = block * chains.dim; row < (block + 1) * chains.dim; ++row) {
    float* x = chains.x.data() + row * kLanes;
    float* v = chains.momentum.data() + row * kLanes;
    const Lanes grad = load_lanes(chains.energy_grad.data() + row * kLanes);
    const Lanes velocity = mul_add(momentum, load_lanes(v), grad);
    const Lanes moved = neg_mul_add(step_size, mul_add(momentum, velocity, grad), load_lanes(x));
    taint = mul_add(zero, moved, taint);
    store_lanes(velocity, v);
    store_lanes(in_box ? clamp_lanes(moved, *options.box) : moved, x);
  }
  return first_tainted(taint);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(nesterov_step);

void NesterovOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_between("momentum", momentum, 0.0, 0.9999);
  if (box) box->validate();
  base::require_at_least("first_step_in_box", first_step_in_box, 0);
}

Nesterov::Nesterov(const NesterovOptions& options) : options_(options) { options_.validate(); }

StepInfo Nesterov::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const {
  const auto make_step = HWY_DYNAMIC_DISPATCH(nesterov_step);
  return step_loop(chains, evaluator, rng, n_steps, [&](std::int64_t block, std::uint64_t step) {
    return make_step(chains, block, step, options_);
  });
}

std::string Nesterov::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
#endif
