#include "samplers/kernels/langevin.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory_resource>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/require.h"
#include "samplers/kernels/stack_memory.h"
#include "samplers/kernels/step_loop.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/langevin.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/box-inl.h"
#include "samplers/langevin_walk-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

template <bool kClamps>
HWY_INLINE std::int64_t update_block(const LangevinWalk& walk, std::int64_t dim,
                                     NoiseCache& cache) {
  const LangevinStep s = langevin_step(walk);
  const Lanes sigma = load_lanes(walk.sigma);
  Lanes taint = all_lanes(0.0f) * load_lanes(walk.energy);
  for_each_normal(walk.key, walk.chain_id, walk.first_step * static_cast<std::uint64_t>(dim), dim,
                  cache, [&](std::int64_t d, const Lanes& z) HWY_ATTR {
                    float* x = walk.x + d * kLanes;
                    const Lanes grad = load_lanes(walk.energy_grad + d * kLanes);
                    store_lanes(langevin_move<kClamps>(s, load_lanes(x), grad, sigma, z, taint), x);
                  });
  return first_tainted(taint);
}

// One step, noise included, of a block whose energy and gradient are there. @return the first lane
// that became non-finite (NaN or infinity), or −1
std::int64_t langevin_update(const LangevinWalk& walk, std::int64_t dim, bool clamps,
                             NoiseCache& cache) {
  return clamps ? update_block<true>(walk, dim, cache) : update_block<false>(walk, dim, cache);
}

// The step with a preconditioner, reflecting walls or no noise.
std::int64_t general_langevin_update(const LangevinWalk& walk, std::int64_t dim,
                                     const LangevinOptions& options, NoiseCache& cache) {
  const Lanes max_grad = all_lanes(walk.max_grad), zero = all_lanes(0.0f);
  const Lanes sigma = load_lanes(walk.sigma);
  Lanes taint = zero * load_lanes(walk.energy);
  const auto move = [&](std::int64_t d, const Lanes& z) HWY_ATTR {
    const float p =
        options.preconditioner.empty() ? 1.0f : options.preconditioner[static_cast<std::size_t>(d)];
    const Lanes grad = load_lanes(walk.energy_grad + d * kLanes);
    const Lanes clamped = min_lanes(max_lanes(grad, -max_grad), max_grad);
    Lanes x = neg_mul_add(all_lanes(walk.step_size * p), clamped, load_lanes(walk.x + d * kLanes));
    x = mul_add(sigma * all_lanes(std::sqrt(p)), z, x);
    taint = mul_add(zero, grad, mul_add(zero, x, taint));
    if (options.box) {
      Lanes flip;
      x = options.box_rule == BoxRule::kReflect ? reflect_lanes(x, *options.box, flip)
                                                : clamp_lanes(x, *options.box);
    }
    store_lanes(x, walk.x + d * kLanes);
  };
  if (options.noise_scale == 0.0f) {
    for (std::int64_t d = 0; d < dim; ++d) move(d, zero);
  } else {
    for_each_normal(walk.key, walk.chain_id, walk.first_step * static_cast<std::uint64_t>(dim), dim,
                    cache, move);
  }
  return first_tainted(taint);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(langevin_update);
HWY_EXPORT(general_langevin_update);
namespace {

/// The part of a walk that belongs to one block.
struct BlockWalk {
  LangevinWalk walk;
  alignas(64) float sigma[kLanes];
};

LangevinWalk walk_of(const ChainBlocks& chains, std::int64_t block, const LangevinOptions& options,
                     const float* sigma, base::PhiloxKey key) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  return {.x = chains.x.data() + block * chains.dim * kLanes,
          .energy = chains.energy.data() + block * kLanes,
          .energy_grad = chains.energy_grad.data() + block * chains.dim * kLanes,
          .sigma = sigma,
          .chain_id = chains.chain_id.data() + block * kLanes,
          .step_size = options.step_size,
          .max_grad = options.clamp_energy_grad.value_or(kInfinity),
          .low = options.box ? options.box->low : -kInfinity,
          .high = options.box ? options.box->high : kInfinity,
          .key = key,
          .first_step = 0,
          .n_steps = 1};
}

/// All steps with the state in registers. @return whether all was finite; if not, x is as before.
bool walk_in_registers(std::pmr::vector<BlockWalk>& walks, const ChainBlocks& chains,
                       Evaluator& evaluator, const ChainRng& rng, std::int64_t n_steps) {
  const std::pmr::vector<float> start(chains.x.begin(), chains.x.end(), walks.get_allocator());
  for (auto& [walk, sigma] : walks) {
    walk.first_step = rng.first_step;
    walk.n_steps = n_steps;
    if (!evaluator.walk_langevin(walk)) {
      std::copy(start.begin(), start.end(), chains.x.begin());
      return false;
    }
  }
  return true;
}

}  // namespace

void LangevinOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_non_negative("noise_scale", noise_scale);
  if (clamp_energy_grad) base::require_positive("clamp_energy_grad", *clamp_energy_grad);
  if (box) box->validate();
  for (const float p : preconditioner) base::require_positive("preconditioner", p);
}

float noise_scale_of(float step_size, float temperature) {
  base::require_non_negative("temperature", temperature);
  return std::sqrt(2.0f * step_size * temperature);
}

float effective_temperature(float step_size, float noise_scale) {
  return noise_scale * noise_scale / (2.0f * step_size);
}

Langevin::Langevin(const LangevinOptions& options) : options_(options) { options_.validate(); }

StepInfo Langevin::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                           std::int64_t n_steps) const {
  if (!options_.preconditioner.empty()) {
    base::require_size("preconditioner", options_.preconditioner.size(), chains.dim,
                       "one per coordinate");
  }
  if (n_steps == 0) return {};
  StackMemory memory;
  const auto n_blocks = static_cast<std::size_t>(chains.n_blocks);
  std::pmr::vector<BlockWalk> walks(n_blocks, memory.resource());
  for (std::size_t block = 0; block < n_blocks; ++block) {
    auto& [walk, sigma] = walks[block];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sigma[lane] = options_.noise_scale * std::sqrt(chains.temperature[block * kLanes + lane]);
    }
    walk = walk_of(chains, static_cast<std::int64_t>(block), options_, sigma, rng.key);
  }
  const bool reflects = options_.box && options_.box_rule == BoxRule::kReflect;
  const bool is_general =
      !options_.preconditioner.empty() || reflects || options_.noise_scale == 0.0f;
  if (!is_general && evaluator.can_walk_langevin()) {
    // Also where the walk fails: it has overwritten energies and gradients.
    std::fill(chains.evaluated.begin(), chains.evaluated.end(), 0);
    if (walk_in_registers(walks, chains, evaluator, rng, n_steps)) {
      StepInfo info;
      info.n_steps = n_steps;
      return info;
    }
  }
  // A walk in registers that became non-finite (NaN or infinity) is made again step by step, to
  // find the chain and the step.
  const auto update = HWY_DYNAMIC_DISPATCH(langevin_update);
  const auto general_update = HWY_DYNAMIC_DISPATCH(general_langevin_update);
  const bool clamps = options_.clamp_energy_grad || options_.box;
  std::pmr::vector<NoiseCache> caches(n_blocks, memory.resource());
  const auto update_of = [&](std::int64_t block, std::uint64_t step) {
    LangevinWalk& walk = walks[static_cast<std::size_t>(block)].walk;
    NoiseCache& cache = caches[static_cast<std::size_t>(block)];
    walk.first_step = step;
    return is_general ? general_update(walk, chains.dim, options_, cache)
                      : update(walk, chains.dim, clamps, cache);
  };
  return step_loop(chains, evaluator, rng, n_steps, update_of);
}

std::string Langevin::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
#endif
