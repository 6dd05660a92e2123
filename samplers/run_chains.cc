#include "samplers/run_chains.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/require.h"
#include "samplers/block_groups.h"
#include "samplers/chain_driver.h"

namespace ebm::samplers {
namespace {

/// Blocks with non-finite values are not marked as evaluated, so that a kernel that starts there
/// checks them again.
void evaluate_blocks(const ChainBlocks& blocks, Evaluator& evaluator) {
  evaluator.evaluate({blocks.n_blocks, blocks.x, blocks.context}, blocks.energy,
                     blocks.energy_grad);
  for (std::size_t block = 0; block < blocks.evaluated.size(); ++block) {
    const std::size_t row = block * kLanes, dim = static_cast<std::size_t>(blocks.dim);
    blocks.evaluated[block] = all_finite(blocks.energy.subspan(row, kLanes)) &&
                              all_finite(blocks.energy_grad.subspan(row * dim, dim * kLanes));
  }
}

/// Copies the states of a group as draw number `draw`.
void record(const TraceBuffers& trace, std::int64_t draw, std::int64_t n_chains,
            std::int64_t first_block, const ChainBlocks& blocks,
            const std::vector<ChainInfo>& lanes) {
  const std::int64_t dim = blocks.dim;
  const std::int64_t first = first_block * kLanes;
  const std::int64_t n = std::min(blocks.n_blocks * kLanes, n_chains - first);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t place = draw * n_chains + first + i;
    if (!trace.x.empty()) {
      const float* column = blocks.x.data() + i / kLanes * dim * kLanes + i % kLanes;
      for (std::int64_t d = 0; d < dim; ++d) {
        trace.x[static_cast<std::size_t>(place * dim + d)] = column[d * kLanes];
      }
    }
    if (!trace.energy.empty()) {
      trace.energy[static_cast<std::size_t>(place)] = blocks.energy[static_cast<std::size_t>(i)];
    }
    if (!trace.hamiltonian.empty()) {
      trace.hamiltonian[static_cast<std::size_t>(place)] =
          lanes.empty() ? 0.0f : lanes[static_cast<std::size_t>(i)].hamiltonian;
    }
  }
}

/// All steps of one group, its draws recorded on the way.
StepInfo advance_group(const Kernel& kernel, const ChainBlocks& blocks, Evaluator& evaluator,
                       const RunOptions& options, std::int64_t n_chains, std::int64_t first_block) {
  const TraceBuffers& trace = options.trace;
  const bool traced = !trace.x.empty() || !trace.energy.empty() || !trace.hamiltonian.empty();
  const std::int64_t piece = traced ? trace.thinning : options.n_steps;
  StepInfo all;
  while (all.n_steps < options.n_steps) {
    const ChainRng rng{options.key.philox_key(),
                       options.first_step + static_cast<std::uint64_t>(all.n_steps)};
    const std::int64_t before = all.n_steps;
    all += kernel.advance(blocks, evaluator, rng, std::min(piece, options.n_steps - before));
    if (all.non_finite) return all;
    if (traced && all.n_steps - before == trace.thinning) {
      if (std::find(blocks.evaluated.begin(), blocks.evaluated.end(), 0) !=
              blocks.evaluated.end() &&
          !trace.energy.empty()) {
        evaluate_blocks(blocks, evaluator);
      }
      record(trace, all.n_steps / trace.thinning - 1, n_chains, first_block, blocks, all.lanes);
    }
  }
  return all;
}

void require_trace_sizes(const RunOptions& options, const ChainStore& chains) {
  const std::int64_t n = options.n_steps / options.trace.thinning * chains.n_chains();
  const TraceBuffers& trace = options.trace;
  if (!trace.x.empty()) require_size(trace.x.size(), n * chains.dim(), "the trace of states");
  if (!trace.energy.empty()) require_size(trace.energy.size(), n, "the trace of energies");
  if (!trace.hamiltonian.empty()) {
    require_size(trace.hamiltonian.size(), n, "the trace of Hamiltonians");
  }
}

}  // namespace

void RunOptions::validate() const {
  base::require_at_least("n_steps", n_steps, 0);
  base::require_at_least("n_threads", n_threads, 1);
  base::require_at_least("thinning", trace.thinning, 1);
}

ChainInfo RunInfo::total() const {
  ChainInfo sum;
  for (const ChainInfo& chain : chains) sum += chain;
  return sum;
}

RunInfo run_chains(const Energy& energy, const Kernel& kernel, ChainStore& chains,
                   const RunOptions& options) {
  options.validate();
  require_trace_sizes(options, chains);
  if (kernel.keeps_momentum()) chains.require_momentum();
  if (chains.n_chains() % kernel.ensemble_size() != 0) {
    throw Error(ErrorCode::kUsage,
                "n_chains = " + std::to_string(chains.n_chains()) + ": must be a multiple of " +
                    std::to_string(kernel.ensemble_size()) + ", the chains of an ensemble");
  }
  std::vector<StepInfo> infos(static_cast<std::size_t>(chains.n_blocks()));
  for_each_group(energy, chains, options.n_threads,
                 [&](std::int64_t first, const ChainBlocks& blocks, Evaluator& evaluator) {
                   infos[static_cast<std::size_t>(first)] =
                       advance_group(kernel, blocks, evaluator, options, chains.n_chains(), first);
                 });
  std::optional<NonFinite> departure;
  RunInfo run;
  if (!infos.front().lanes.empty()) {
    run.chains.reserve(static_cast<std::size_t>(chains.n_blocks() * kLanes));
  }
  for (StepInfo& info : infos) {
    if (info.non_finite && (!departure || info.non_finite->step < departure->step)) {
      departure = info.non_finite;
    }
    run.chains.insert(run.chains.end(), info.lanes.begin(), info.lanes.end());
  }
  if (departure) throw_diverged(*departure, kernel.divergence_hint());
  // The copies that fill a ragged last block are dropped.
  if (!run.chains.empty()) run.chains.resize(static_cast<std::size_t>(chains.n_chains()));
  return run;
}

void evaluate_chains(const Energy& energy, ChainStore& chains, int n_threads) {
  base::require_at_least("n_threads", n_threads, 1);
  for_each_group(energy, chains, n_threads,
                 [](std::int64_t, const ChainBlocks& blocks, Evaluator& evaluator) {
                   evaluate_blocks(blocks, evaluator);
                 });
}

}  // namespace ebm::samplers
