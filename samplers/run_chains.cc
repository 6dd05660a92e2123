#include "samplers/run_chains.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/float_mode.h"
#include "samplers/chain_driver.h"

namespace ebm::samplers {
namespace {

void require_positive(const char* name, std::int64_t value) {
  if (value < 1) {
    throw Error(ErrorCode::kUsage,
                std::string(name) + " = " + std::to_string(value) + ": must be at least 1");
  }
}

/// Calls work(group, blocks, evaluator) for every group of preferred_blocks blocks, the threads
/// side by side. Exceptions cannot leave a parallel region: the one of the lowest group is thrown
/// after.
void for_each_group(const Energy& energy, ChainStore& chains, int n_threads,
                    const std::function<void(std::int64_t, const ChainBlocks&, Evaluator&)>& work) {
  if (chains.dim() != energy.dim()) {
    throw Error(ErrorCode::kShape, "the chains have dim " + std::to_string(chains.dim()) +
                                       ", the energy has dim " + std::to_string(energy.dim()));
  }
  const std::int64_t group_size = std::max<std::int64_t>(1, energy.preferred_blocks());
  const std::int64_t n_groups = (chains.n_blocks() + group_size - 1) / group_size;
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(n_groups));
  const int n_workers = static_cast<int>(std::min<std::int64_t>(n_threads, n_groups));
#pragma omp parallel num_threads(n_workers)
  {
    const base::FlushDenormals flush;
    std::unique_ptr<Evaluator> evaluator;
#pragma omp for schedule(dynamic, 1)
    for (std::int64_t group = 0; group < n_groups; ++group) {
      try {
        if (!evaluator) evaluator = energy.make_evaluator(group_size);
        const std::int64_t first = group * group_size;
        work(group, chains.blocks(first, std::min(group_size, chains.n_blocks() - first)),
             *evaluator);
      } catch (...) {
        failures[static_cast<std::size_t>(group)] = std::current_exception();
      }
    }
  }
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace

void RunOptions::validate() const {
  if (n_steps < 0) {
    throw Error(ErrorCode::kUsage, "n_steps = " + std::to_string(n_steps) + ": must be 0 or more");
  }
  require_positive("n_threads", n_threads);
}

void run_chains(const Energy& energy, const Kernel& kernel, ChainStore& chains,
                const RunOptions& options) {
  options.validate();
  const std::int64_t group_size = std::max<std::int64_t>(1, energy.preferred_blocks());
  std::vector<StepInfo> infos(
      static_cast<std::size_t>((chains.n_blocks() + group_size - 1) / group_size));
  const ChainRng rng{options.key.philox_key(), options.first_step};
  for_each_group(energy, chains, options.n_threads,
                 [&](std::int64_t group, const ChainBlocks& blocks, Evaluator& evaluator) {
                   infos[static_cast<std::size_t>(group)] =
                       kernel.advance(blocks, evaluator, rng, options.n_steps);
                 });
  std::optional<NonFinite> first;
  for (const StepInfo& info : infos) {
    if (info.non_finite && (!first || info.non_finite->step < first->step)) first = info.non_finite;
  }
  if (first) throw_diverged(*first, kernel.divergence_hint());
}

void evaluate_chains(const Energy& energy, ChainStore& chains, int n_threads) {
  require_positive("n_threads", n_threads);
  for_each_group(energy, chains, n_threads,
                 [](std::int64_t, const ChainBlocks& blocks, Evaluator& evaluator) {
                   evaluator.evaluate({blocks.n_blocks, blocks.x, blocks.context}, blocks.energy,
                                      blocks.energy_grad);
                 });
}

}  // namespace ebm::samplers
