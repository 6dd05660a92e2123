#include "samplers/hmc.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/hmc.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/hamiltonian-inl.h"

#ifndef EBM_SAMPLERS_HMC_CC_ONCE_
#define EBM_SAMPLERS_HMC_CC_ONCE_
namespace ebm::samplers {

/// What a transition needs beside the chains, for all blocks of a group.
struct HmcScratch {
  explicit HmcScratch(const ChainBlocks& chains)
      : x(chains.x.size()),
        grad(chains.x.size()),
        momentum(chains.x.size()),
        energy(chains.energy.size()),
        hamiltonian(chains.energy.size()),
        normals(static_cast<std::size_t>(chains.n_blocks)),
        uniforms(normals.size()) {}

  base::AlignedVector<float> x, grad, momentum, energy;
  base::AlignedVector<float> hamiltonian;  ///< at the start of the trajectory
  std::vector<NoiseCache> normals, uniforms;
};

}  // namespace ebm::samplers
#endif

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// Accepts or rejects the proposal of one block and counts what came of it.
void decide(const ChainBlocks& chains, std::int64_t block, const HmcOptions& options,
            const Lanes& uniform, HmcScratch& scratch, ChainInfo* HWY_RESTRICT lanes) {
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
  HWY_ALIGN float chances[kLanes], accepts[kLanes], finites[kLanes], errors[kLanes], h[kLanes];
  store_lanes(chance, chances);
  store_lanes(accepted, accepts);
  store_lanes(finite, finites);
  store_lanes(error, errors);
  store_lanes(choose(accepted, after, before), h);
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    ChainInfo& info = lanes[row + lane];
    ++info.n_transitions;
    info.n_accepted += accepts[lane] != 0.0f;
    info.n_non_finite += finites[lane] == 0.0f;
    info.n_divergent += finites[lane] != 0.0f && errors[lane] > options.max_energy_error;
    info.acceptance_units += static_cast<std::int64_t>(chances[lane] * 0x1p24f);
    info.hamiltonian = h[lane];
  }
}

// One transition of every block.
void hmc_transition(const ChainBlocks& chains, Evaluator& evaluator, const HmcOptions& options,
                    const ChainRng& rng, std::uint64_t step, std::int64_t n_leapfrog,
                    HmcScratch& scratch, ChainInfo* lanes) {
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
    decide(chains, block, options, uniform, scratch, lanes);
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
  // (1 − 0.7)·10 is a hair above 3: rounding must not add a step.
  const double fraction = (1.0 - options.jitter) * (1.0 - 1e-12);
  const auto shortest = std::max<std::int64_t>(
      1, std::llround(std::ceil(fraction * static_cast<double>(options.n_leapfrog))));
  const auto n_lengths = static_cast<double>(options.n_leapfrog - shortest + 1);
  const std::uint32_t word =
      base::philox({static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32), 0, 0},
                   base::subkey(key, kTrajectoryLengths))[0];
  return shortest + static_cast<std::int64_t>(static_cast<double>(word) * 0x1p-32 * n_lengths);
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
                       "one a coordinate");
  }
  // Without momenta the same proposals would come, and be rejected, for ever.
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
  for (; info.n_steps < n_steps; ++info.n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(info.n_steps);
    const std::int64_t n_leapfrog = trajectory_length(options_, rng.key, step);
    transition(chains, evaluator, options_, rng, step, n_leapfrog, scratch, info.lanes.data());
    for (ChainInfo& lane : info.lanes) lane.n_gradients += n_leapfrog;
  }
  return info;
}

std::string Hmc::divergence_hint() const { return kStartHint; }

}  // namespace ebm::samplers
#endif
