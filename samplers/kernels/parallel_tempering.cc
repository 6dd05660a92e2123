#include "samplers/kernels/parallel_tempering.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/random.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

/// Uniform on (0, 1) for the swap that chain `id` may make after `step`.
double swap_uniform(base::PhiloxKey key, std::uint64_t id, std::uint64_t step) {
  const auto words =
      base::philox({static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32),
                    static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32)},
                   key);
  return (words[0] + 0.5) * 0x1p-32;
}

/// Exchanges the states of chains i and i + 1 of the blocks, their temperatures staying.
void swap_states(const ChainBlocks& chains, std::span<const float> temperature, std::size_t i) {
  const std::size_t first = i / kLanes * kLanes * static_cast<std::size_t>(chains.dim) + i % kLanes;
  const float up = std::sqrt(temperature[i + 1] / temperature[i]);
  for (std::size_t d = 0; d < static_cast<std::size_t>(chains.dim); ++d) {
    const std::size_t at = first + d * kLanes;
    std::swap(chains.x[at], chains.x[at + 1]);
    std::swap(chains.energy_grad[at], chains.energy_grad[at + 1]);
    if (chains.momentum.empty()) continue;
    std::swap(chains.momentum[at], chains.momentum[at + 1]);
    chains.momentum[at] /= up;
    chains.momentum[at + 1] *= up;
  }
  std::swap(chains.energy[i], chains.energy[i + 1]);
}

}  // namespace

void ParallelTemperingOptions::validate() const {
  const std::size_t n = ladder.size();
  if (n != 2 && n != 4 && n != 8 && n != 16) {
    throw Error(ErrorCode::kUsage,
                "ladder = " + std::to_string(n) + " temperatures: must be 2, 4, 8 or 16 of them");
  }
  for (const float factor : ladder) base::require_positive("ladder", factor);
  if (ladder.front() != 1.0f ||
      std::adjacent_find(ladder.begin(), ladder.end(), std::greater_equal<>()) != ladder.end()) {
    throw Error(ErrorCode::kUsage, "ladder: must start at 1 and rise");
  }
  base::require_positive("temperature", temperature);
}

std::vector<float> geometric_ladder(std::int64_t n_replicas, float highest) {
  base::require_between("replicas", static_cast<double>(n_replicas), 2, kLanes);
  std::vector<float> ladder;
  for (std::int64_t r = 0; r < n_replicas; ++r) {
    ladder.push_back(static_cast<float>(
        std::pow(highest, static_cast<double>(r) / static_cast<double>(n_replicas - 1))));
  }
  return ladder;
}

ParallelTempering::ParallelTempering(std::shared_ptr<const Kernel> inner,
                                     ParallelTemperingOptions options)
    : inner_(std::move(inner)), options_(std::move(options)) {
  options_.validate();
}

StepInfo ParallelTempering::advance(const ChainBlocks& chains, Evaluator& evaluator,
                                    const ChainRng& rng, std::int64_t n_steps) const {
  const std::size_t n = chains.energy.size(), n_replicas = options_.ladder.size();
  // By id: the lanes that fill a last block are all copies of its last chain.
  const auto replica_of = [&](std::size_t i) {
    return static_cast<std::size_t>(chains.chain_id[i] - chains.chain_id[0]) % n_replicas;
  };
  base::AlignedVector<float> factors(n);
  for (std::size_t i = 0; i < n; ++i) {
    factors[i] = chains.temperature[i] * options_.ladder[replica_of(i)];
  }
  ChainBlocks tempered = chains;
  tempered.temperature = factors;
  const base::PhiloxKey swap_key = base::subkey(rng.key, kSwapUniforms);
  StepInfo all;
  while (all.n_steps < n_steps) {
    const std::uint64_t step = rng.first_step + static_cast<std::uint64_t>(all.n_steps);
    all += inner_->advance(tempered, evaluator, {rng.key, step}, 1);
    if (all.non_finite) break;
    all.lanes.resize(n);
    // Kernels without an accept step leave the energies of the state before; they would notice a
    // non-finite state only at their next step.
    all.non_finite = evaluate_start(tempered, evaluator, step + 1, all.lanes);
    if (all.non_finite) break;
    for (std::size_t i = 0; i + 1 < n; ++i) {
      const std::size_t replica = replica_of(i);
      if (replica % 2 != step % 2 || replica + 1 == n_replicas) continue;
      if (chains.chain_id[i + 1] == chains.chain_id[i]) continue;
      const double cold = 1.0 / (static_cast<double>(factors[i]) * options_.temperature);
      const double hot = 1.0 / (static_cast<double>(factors[i + 1]) * options_.temperature);
      const double log_chance =
          (cold - hot) * (static_cast<double>(chains.energy[i]) - chains.energy[i + 1]);
      ++all.lanes[i].n_swaps_proposed;
      if (!(std::log(swap_uniform(swap_key, chains.chain_id[i], step)) < log_chance)) continue;
      ++all.lanes[i].n_swaps;
      swap_states(chains, factors, i);
    }
  }
  return all;
}

}  // namespace ebm::samplers
