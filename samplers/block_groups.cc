#include "samplers/block_groups.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/float_mode.h"

namespace ebm::samplers {
namespace {

/// Blocks that one thread advances side by side: as the energy wants it, or as many as stay in a
/// first-level cache with their gradients, as long as every thread gets some.
std::int64_t blocks_of_a_group(const Energy& energy, const ChainStore& chains, int n_threads) {
  if (energy.preferred_blocks() > 0) {
    return std::min(energy.preferred_blocks(), chains.n_blocks());
  }
  constexpr std::int64_t kCacheFloats = 24 * 1024 / 4;
  const std::int64_t of_a_block = kLanes * (2 * chains.dim() + 5);
  const std::int64_t in_cache = std::max<std::int64_t>(1, kCacheFloats / of_a_block);
  return std::min(in_cache, (chains.n_blocks() + n_threads - 1) / n_threads);
}

/// A permutation of the groups in which those that threads take one after the other are not
/// neighbours: neighbours share cache lines, or pairs of them.
std::int64_t far_apart(std::int64_t i, std::int64_t n_groups, std::int64_t n_workers) {
  const std::int64_t stride = n_groups / n_workers;
  // What does not divide stays at the end.
  if (i >= stride * n_workers) return i;
  return i % n_workers * stride + i / n_workers;
}

}  // namespace

void for_each_group(const Energy& energy, ChainStore& chains, int n_threads,
                    const GroupWork& work) {
  if (chains.dim() != energy.dim()) {
    throw Error(ErrorCode::kShape, "the chains have dim " + std::to_string(chains.dim()) +
                                       ", the energy has dim " + std::to_string(energy.dim()));
  }
  if (chains.context_dim() != energy.context_dim()) {
    throw Error(ErrorCode::kShape,
                "the chains have context_dim " + std::to_string(chains.context_dim()) +
                    ", the energy has context_dim " + std::to_string(energy.context_dim()));
  }
  const std::int64_t group_size = blocks_of_a_group(energy, chains, n_threads);
  const std::int64_t n_groups = (chains.n_blocks() + group_size - 1) / group_size;
  // Exceptions cannot leave a parallel region.
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(n_groups));
  const int n_workers = static_cast<int>(std::min<std::int64_t>(n_threads, n_groups));
  const auto take = [&](std::int64_t i, std::unique_ptr<Evaluator>& evaluator) {
    const std::int64_t group = far_apart(i, n_groups, n_workers);
    try {
      if (!evaluator) evaluator = energy.make_evaluator(group_size);
      const std::int64_t first = group * group_size;
      work(first, chains.blocks(first, std::min(group_size, chains.n_blocks() - first)),
           *evaluator);
    } catch (...) {
      failures[static_cast<std::size_t>(group)] = std::current_exception();
    }
  };
  if (n_workers == 1) {
    // No region of one thread: threads that an evaluator starts inside of one would be new ones
    // each time.
    const base::FlushDenormals flush;
    std::unique_ptr<Evaluator> evaluator;
    for (std::int64_t i = 0; i < n_groups; ++i) take(i, evaluator);
  } else {
#pragma omp parallel num_threads(n_workers)
    {
      const base::FlushDenormals flush;
      std::unique_ptr<Evaluator> evaluator;
#pragma omp for schedule(dynamic, 1)
      for (std::int64_t i = 0; i < n_groups; ++i) take(i, evaluator);
    }
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace ebm::samplers
