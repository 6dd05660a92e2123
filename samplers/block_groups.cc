#include "samplers/block_groups.h"

#include <algorithm>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/parallel.h"

namespace ebm::samplers {
namespace {

/// Blocks that one thread advances together: as many as the energy prefers, or as many as fit in a
/// first-level cache with their gradients while every thread gets some.
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
  // The remainder stays at the end.
  if (i >= stride * n_workers) return i;
  return i % n_workers * stride + i / n_workers;
}

/// What a thread keeps between groups.
struct Worker {
  base::FlushDenormals flush;
  std::unique_ptr<Evaluator> evaluator;
};

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
  const int n_workers = static_cast<int>(std::min<std::int64_t>(n_threads, n_groups));
  const auto make_worker = [&] {
    auto worker = std::make_unique<Worker>();
    worker->evaluator = energy.make_evaluator(group_size);
    return worker;
  };
  base::parallel_for(
      n_groups, n_threads, make_worker,
      [&](std::int64_t group, Worker& worker) {
        const std::int64_t first = group * group_size;
        work(first, chains.blocks(first, std::min(group_size, chains.n_blocks() - first)),
             *worker.evaluator);
      },
      [&](std::int64_t i) { return far_apart(i, n_groups, n_workers); });
}

}  // namespace ebm::samplers
