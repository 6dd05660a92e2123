#include "bench/samplers/support.h"

#include <map>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"
#include "samplers/simd/fma_peak.h"
#include "samplers/simd/normals.h"
#include "samplers/simd/simd_target.h"

namespace ebm::samplers {
namespace {

class SeamEvaluator : public Evaluator {
 public:
  explicit SeamEvaluator(std::unique_ptr<Evaluator> inner) : inner_(std::move(inner)) {}
  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    inner_->evaluate(chains, energy, energy_grad);
  }

 private:
  std::unique_ptr<Evaluator> inner_;
};

/// Measured once for each number of threads, when it is first asked for.
double peak_gflops(int n_threads) {
  static std::map<int, double> peaks;
  const auto known = peaks.find(n_threads);
  if (known != peaks.end()) return known->second;
  return peaks[n_threads] = fma_peak_gflops(n_threads);
}

}  // namespace

std::unique_ptr<Evaluator> BehindTheSeam::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<SeamEvaluator>(energy_.make_evaluator(max_blocks));
}

bool walks_in_registers(const Energy& energy) {
  return energy.make_evaluator(1)->can_walk_langevin();
}

std::vector<float> block_normals(const base::RandomKey& key, std::int64_t n_words) {
  std::vector<std::uint64_t> ids(kLanes);
  for (std::uint64_t lane = 0; lane < kLanes; ++lane) ids[lane] = lane;
  const std::int64_t n_calls = (n_words + 3) / 4;
  base::AlignedVector<float> noise(static_cast<std::size_t>(n_calls * 4 * kLanes));
  fill_block_normals(key.philox_key(), ids.data(), 0, n_calls, noise.data());
  return {noise.begin(), noise.begin() + n_words * kLanes};
}

void report_flops(benchmark::State& state, double n_items, int n_threads, double flops_per_item) {
  const double peak = peak_gflops(n_threads);
  state.counters["peak_gflops"] = peak;
  if (flops_per_item > 0.0) {
    using benchmark::Counter;
    const double gflop = flops_per_item * n_items * 1e-9;
    state.counters["gflops"] = Counter(gflop, Counter::kIsRate);
    state.counters["peak_fraction"] = Counter(gflop / peak, Counter::kIsRate);
  }
  state.SetLabel(simd_target());
}

void time_walks(benchmark::State& state, const Energy& energy, const Kernel& kernel,
                const Walk& walk, double flops_per_chain_step) {
  std::vector<float> rows(static_cast<std::size_t>(walk.n_chains * energy.dim()));
  draw_initial_states({.seed = 1, .domain = base::Domain::kChainInit}, 0, energy.dim(), {}, rows);
  ChainStore chains(walk.n_chains, energy.dim());
  chains.load_rows(rows);
  std::uint64_t step = 0;
  try {
    for ([[maybe_unused]] auto _ : state) {
      run_chains(energy, kernel, chains,
                 {.n_steps = walk.n_steps,
                  .first_step = step,
                  .key = {.seed = 1},
                  .n_threads = walk.n_threads});
      step += static_cast<std::uint64_t>(walk.n_steps);
    }
  } catch (const Error& error) {
    state.SkipWithError(error.what());
    return;
  }
  const std::int64_t chain_steps = state.iterations() * walk.n_chains * walk.n_steps;
  state.SetItemsProcessed(chain_steps);
  report_flops(state, static_cast<double>(chain_steps), walk.n_threads, flops_per_chain_step);
}

}  // namespace ebm::samplers
