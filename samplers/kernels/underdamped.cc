#include "samplers/kernels/underdamped.h"

#include <algorithm>
#include <cmath>
#include <memory_resource>
#include <utility>
#include <vector>

#include "base/number_text.h"
#include "base/require.h"
#include "samplers/kernels/stack_memory.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/underdamped.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/kernels/hamiltonian-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// B A O A of one block.
void underdamped_move(const ChainBlocks& chains, std::int64_t block,
                      const UnderdampedOptions& options, base::PhiloxKey key, std::uint64_t step,
                      NoiseCache& cache) {
  const std::int64_t dim = chains.dim, row = block * kLanes;
  float* x = chains.x.data() + row * dim;
  float* p = chains.momentum.data() + row * dim;
  const Lanes half = all_lanes(0.5f * options.step_size);
  kick(p, chains.energy_grad.data() + row * dim, dim, half);
  drift(x, p, dim, half, options.inverse_mass, options.box);
  const double c = std::exp(-static_cast<double>(options.friction) * options.step_size);
  const Lanes keep = all_lanes(static_cast<float>(c));
  const Lanes sigma = sqrt_lanes(
      load_lanes(chains.temperature.data() + row) *
      all_lanes(static_cast<float>((1.0 - c * c) * static_cast<double>(options.temperature))));
  for_each_normal(
      key, chains.chain_id.data() + row, step * static_cast<std::uint64_t>(dim), dim, cache,
      [&](std::int64_t d, const Lanes& z) HWY_ATTR {
        const float root_mass = 1.0f / std::sqrt(inverse_mass_of(options.inverse_mass, d));
        float* at = p + d * kLanes;
        store_lanes(mul_add(z * sigma, all_lanes(root_mass), keep * load_lanes(at)), at);
      });
  drift(x, p, dim, half, options.inverse_mass, options.box);
}

// The last B. @return whether the block's energy, gradient and state are finite
bool underdamped_finish(const ChainBlocks& chains, std::int64_t block, float step_size) {
  const std::int64_t dim = chains.dim, row = block * kLanes;
  const Lanes zero = all_lanes(0.0f);
  Lanes taint = zero * load_lanes(chains.energy.data() + row);
  for (std::int64_t d = 0; d < dim; ++d) {
    const std::int64_t at = row * dim + d * kLanes;
    taint = mul_add(zero, load_lanes(chains.energy_grad.data() + at), taint);
    taint = mul_add(zero, load_lanes(chains.x.data() + at), taint);
  }
  kick(chains.momentum.data() + row * dim, chains.energy_grad.data() + row * dim, dim,
       all_lanes(0.5f * step_size));
  return is_untainted(taint);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(underdamped_move);
HWY_EXPORT(underdamped_finish);

void UnderdampedOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_non_negative("friction", friction);
  base::require_non_negative("temperature", temperature);
  for (const float m : inverse_mass) base::require_positive("inverse_mass", m);
  if (box) box->validate();
}

Underdamped::Underdamped(UnderdampedOptions options) : options_(std::move(options)) {
  options_.validate();
}

StepInfo Underdamped::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                              std::int64_t n_steps) const {
  if (!options_.inverse_mass.empty()) {
    base::require_size("inverse_mass", options_.inverse_mass.size(), chains.dim,
                       "one per coordinate");
  }
  StepInfo info;
  if (n_steps == 0) return info;
  info.non_finite = evaluate_start(chains, evaluator, rng.first_step, info.lanes);
  if (info.non_finite) return info;
  const auto move = HWY_DYNAMIC_DISPATCH(underdamped_move);
  const auto finish = HWY_DYNAMIC_DISPATCH(underdamped_finish);
  StackMemory memory;
  std::pmr::vector<NoiseCache> caches(static_cast<std::size_t>(chains.n_blocks), memory.resource());
  for (; info.n_steps < n_steps; ++info.n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      move(chains, block, options_, rng.key, step, caches[static_cast<std::size_t>(block)]);
    }
    evaluator.evaluate({chains.n_blocks, chains.x, chains.context}, chains.energy,
                       chains.energy_grad);
    bool finite = true;
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      finite &= finish(chains, block, options_.step_size);
    }
    if (!finite) {
      info.non_finite = find_non_finite(chains, step);
      std::fill(chains.evaluated.begin(), chains.evaluated.end(), 0);
      return info;
    }
  }
  return info;
}

std::string Underdamped::divergence_hint() const { return step_size_hint(options_.step_size); }

}  // namespace ebm::samplers
#endif
