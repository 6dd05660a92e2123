#include "samplers/kernels/hmc.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/kernels/hmc.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/kernels/hamiltonian-inl.h"

#ifndef EBM_SAMPLERS_HMC_CC_ONCE_
#define EBM_SAMPLERS_HMC_CC_ONCE_
namespace ebm::samplers {

/// Rows of counts: accepted, not finite, divergent, and acceptance_units.
inline constexpr std::size_t kCounts = 4;
/// Transitions whose acceptance_units, at most 2²⁴ each, fit in 31 bits.
inline constexpr std::int64_t kCountedTransitions = 100;

/// What a transition needs beside the chains, for all blocks of a group.
struct HmcScratch {
  explicit HmcScratch(const ChainBlocks& chains)
      : x(chains.x.size()),
        grad(chains.x.size()),
        momentum(chains.x.size()),
        energy(chains.energy.size()),
        hamiltonian(chains.energy.size()),
        counts(kCounts * chains.energy.size()),
        normals(static_cast<std::size_t>(chains.n_blocks)),
        uniforms(normals.size()) {}

  base::AlignedVector<float> x, grad, momentum, energy;
  base::AlignedVector<float> hamiltonian;  ///< at the start of a trajectory, then of its outcome
  /// [n_blocks, kCounts, kLanes]: what ChainInfo counts, since it was last added there. In lanes,
  /// as adding to the records of 16 chains would take longer than a transition in a plane.
  base::AlignedVector<std::int32_t> counts;
  std::vector<NoiseCache> normals, uniforms;
};

}  // namespace ebm::samplers
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// row[lane] += (integer part of value)
HWY_INLINE void count_lanes(const Lanes& value, std::int32_t* HWY_RESTRICT row) {
  const IntTag di;
  for (std::size_t i = 0; i < kRegisters; ++i) {
    std::int32_t* at = row + i * kRegisterLanes;
    hn::Store(hn::Add(hn::Load(di, at), hn::ConvertTo(di, value.r[i])), di, at);
  }
}

// Accepts or rejects the proposals of one block and counts the outcomes.
void decide(const ChainBlocks& chains, std::int64_t block, const HmcOptions& options,
            const Lanes& uniform, HmcScratch& scratch) {
  const std::int64_t dim = chains.dim, row = block * kLanes, rows = row * dim;
  const Lanes one = all_lanes(1.0f);
  const Lanes temperature =
      load_lanes(chains.temperature.data() + row) * all_lanes(options.temperature);
  const Lanes before = load_lanes(scratch.hamiltonian.data() + row);
  const Lanes energy = load_lanes(scratch.energy.data() + row);
  const Lanes after =
      energy + kinetic_energy(scratch.momentum.data() + rows, dim, options.inverse_mass);
  const Lanes change = after - before;
  // May overflow at a low temperature, where the change of H does not: far downhill is accepted.
  const Lanes error = change / temperature;
  const Lanes finite = is_finite(change);
  const Lanes chance = choose(finite, min_lanes(one, exp_lanes(-error)), all_lanes(0.0f));
  const Lanes accepted = less(uniform, chance);
  const auto take = [&](const float* proposal, float* state) HWY_ATTR {
    store_lanes(choose(accepted, load_lanes(proposal), load_lanes(state)), state);
  };
  for (std::int64_t d = 0; d < dim; ++d) {
    const std::int64_t at = rows + d * kLanes;
    take(scratch.x.data() + at, chains.x.data() + at);
    take(scratch.grad.data() + at, chains.energy_grad.data() + at);
  }
  take(scratch.energy.data() + row, chains.energy.data() + row);
  store_lanes(choose(accepted, after, before), scratch.hamiltonian.data() + row);
  std::int32_t* counts = scratch.counts.data() + row * static_cast<std::int64_t>(kCounts);
  count_lanes(accepted, counts);
  count_lanes(one - finite, counts + kLanes);
  count_lanes(finite * less(all_lanes(options.max_energy_error), error), counts + 2 * kLanes);
  count_lanes(chance * all_lanes(0x1p24f), counts + 3 * kLanes);
}

// One transition of every block.
void hmc_transition(const ChainBlocks& chains, Evaluator& evaluator, const HmcOptions& options,
                    const ChainRng& rng, std::uint64_t step, std::int64_t n_leapfrog,
                    HmcScratch& scratch) {
  const std::int64_t dim = chains.dim;
  const Lanes h = all_lanes(options.step_size), half = all_lanes(0.5f * options.step_size);
  std::copy(chains.x.begin(), chains.x.end(), scratch.x.begin());
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const std::int64_t row = block * kLanes, rows = row * dim;
    float* p = scratch.momentum.data() + rows;
    const Lanes root_temperature =
        sqrt_lanes(load_lanes(chains.temperature.data() + row) * all_lanes(options.temperature));
    const Lanes kinetic =
        draw_momentum(rng.key, chains.chain_id.data() + row, step * static_cast<std::uint64_t>(dim),
                      dim, root_temperature, options.inverse_mass,
                      scratch.normals[static_cast<std::size_t>(block)], p);
    store_lanes(load_lanes(chains.energy.data() + row) + kinetic, scratch.hamiltonian.data() + row);
    kick(p, chains.energy_grad.data() + rows, dim, half);
  }
  for (std::int64_t i = 1; i <= n_leapfrog; ++i) {
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      const std::int64_t rows = block * kLanes * dim;
      drift(scratch.x.data() + rows, scratch.momentum.data() + rows, dim, h, options.inverse_mass,
            options.box);
    }
    evaluator.evaluate({chains.n_blocks, scratch.x, chains.context}, scratch.energy, scratch.grad);
    for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
      const std::int64_t rows = block * kLanes * dim;
      kick(scratch.momentum.data() + rows, scratch.grad.data() + rows, dim,
           i < n_leapfrog ? h : half);
    }
  }
  const base::PhiloxKey uniform_key = base::subkey(rng.key, kUniforms);
  for (std::int64_t block = 0; block < chains.n_blocks; ++block) {
    const Lanes uniform = uniform_lanes(uniform_key, chains.chain_id.data() + block * kLanes, step,
                                        scratch.uniforms[static_cast<std::size_t>(block)]);
    decide(chains, block, options, uniform, scratch);
  }
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(hmc_transition);
namespace {

/// Leapfrog steps of the trajectories of `step`.
std::int64_t trajectory_length(const HmcOptions& options, base::PhiloxKey key, std::uint64_t step) {
  // (1 − 0.7)·10 is slightly above 3 in floating point: rounding must not add a step.
  const double fraction = (1.0 - options.jitter) * (1.0 - 1e-12);
  const auto shortest = std::max<std::int64_t>(
      1, std::llround(std::ceil(fraction * static_cast<double>(options.n_leapfrog))));
  const auto n_lengths = static_cast<double>(options.n_leapfrog - shortest + 1);
  const std::uint32_t word =
      base::philox({static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32), 0, 0},
                   base::subkey(key, kTrajectoryLengths))[0];
  return shortest + static_cast<std::int64_t>(static_cast<double>(word) * 0x1p-32 * n_lengths);
}

/// Adds the counts of n_transitions transitions with n_gradients gradients a chain.
void add_counts(const HmcScratch& scratch, std::int64_t n_transitions, std::int64_t n_gradients,
                std::vector<ChainInfo>& lanes) {
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const std::int32_t* counts = scratch.counts.data() + i / kLanes * kCounts * kLanes + i % kLanes;
    ChainInfo& lane = lanes[i];
    lane.n_transitions += n_transitions;
    lane.n_accepted += counts[0];
    lane.n_gradients += n_gradients;
    lane.n_non_finite += counts[kLanes];
    lane.n_divergent += counts[2 * kLanes];
    lane.acceptance_units += counts[3 * kLanes];
    lane.hamiltonian = scratch.hamiltonian[i];
  }
}

}  // namespace

void HmcOptions::validate() const {
  base::require_positive("step_size", step_size);
  base::require_at_least("n_leapfrog", n_leapfrog, 1);
  base::require_between("jitter", jitter, 0.0, 1.0);
  base::require_positive("temperature", temperature);
  for (const float m : inverse_mass) base::require_positive("inverse_mass", m);
  if (box) box->validate();
  base::require_positive("max_energy_error", max_energy_error);
}

Hmc::Hmc(HmcOptions options) : options_(std::move(options)) { options_.validate(); }

StepInfo Hmc::advance(const ChainBlocks& chains, Evaluator& evaluator, const ChainRng& rng,
                      std::int64_t n_steps) const {
  if (!options_.inverse_mass.empty()) {
    base::require_size("inverse_mass", options_.inverse_mass.size(), chains.dim,
                       "one per coordinate");
  }
  // Without momenta a chain would repeat one rejected proposal for ever.
  for (const float t : chains.temperature) {
    base::require_positive("the temperature of a chain", t);
  }
  StepInfo info;
  info.lanes.resize(chains.energy.size());
  if (n_steps == 0) return info;
  info.non_finite = evaluate_start(chains, evaluator, rng.first_step, info.lanes);
  if (info.non_finite) return info;
  HmcScratch scratch(chains);
  const auto transition = HWY_DYNAMIC_DISPATCH(hmc_transition);
  std::int64_t n_transitions = 0, n_gradients = 0;  // that are not in the lanes yet
  for (; info.n_steps < n_steps; ++info.n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    const std::int64_t n_leapfrog = trajectory_length(options_, rng.key, step);
    transition(chains, evaluator, options_, rng, step, n_leapfrog, scratch);
    n_gradients += n_leapfrog;
    if (++n_transitions == kCountedTransitions) {
      add_counts(scratch, n_transitions, n_gradients, info.lanes);
      n_transitions = n_gradients = 0;
      std::fill(scratch.counts.begin(), scratch.counts.end(), 0);
    }
  }
  if (n_transitions > 0) add_counts(scratch, n_transitions, n_gradients, info.lanes);
  return info;
}

std::string Hmc::divergence_hint() const { return kStartHint; }

}  // namespace ebm::samplers
#endif
