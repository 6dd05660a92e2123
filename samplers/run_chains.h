#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "samplers/chain_block.h"
#include "samplers/energy.h"
#include "samplers/kernel.h"

namespace ebm::samplers {

/// Output of the draws of a run: the state after every `thinning` steps, n_steps / thinning of
/// them. Spans that are empty are not written.
struct TraceBuffers {
  std::int64_t thinning = 1;
  std::span<float> x = {};            ///< [n_draws, n_chains, dim]
  std::span<float> energy = {};       ///< [n_draws, n_chains], E of those states
  std::span<float> hamiltonian = {};  ///< [n_draws, n_chains], of kernels with a momentum
};

struct RunOptions {
  std::int64_t n_steps = 0;
  std::uint64_t first_step = 0;  ///< steps that these chains have made before
  base::RandomKey key = {};
  int n_threads = 1;
  TraceBuffers trace = {};

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;
};

/// Result of run_chains(), chain by chain; empty if the kernel counts nothing.
struct RunInfo {
  std::vector<ChainInfo> chains;  ///< [n_chains]

  /// The sum over all chains.
  ChainInfo total() const;
};

/// Advances every chain by n_steps steps of `kernel` on `energy`. Each thread takes its blocks
/// through all steps while they stay in its cache; there is no barrier between steps. Random
/// numbers are addressed by chain and step, so the bits do not depend on n_threads, nor on how a
/// run is cut into calls.
/// @throws Error(kUsage) unless the chains make whole ensembles (Kernel::ensemble_size);
///         Error(kShape) if the sizes of chains, energy and trace do not agree, before any chain
///         moves; Error(kDiverged) naming the first chain and step that became non-finite (NaN or
///         infinity); whatever an evaluator throws.
RunInfo run_chains(const Energy& energy, const Kernel& kernel, ChainStore& chains,
                   const RunOptions& options);

/// Energies of the chains where they stand now, into the store.
/// @throws as run_chains, but for divergence: a non-finite energy is stored as it is.
void evaluate_chains(const Energy& energy, ChainStore& chains, int n_threads);

}  // namespace ebm::samplers
