// The workloads that torchebm publishes figures for: double well of height 2, chains from N(0, I),
// step 1e-3 and, its noise_scale of 1 being ours divided by √(2·step_size), T = 1. A run is drawing
// the starts and all steps; its time is the median over repetitions.

#include <string>
#include <vector>

#include "bench/samplers/reference.h"
#include "bench/samplers/support.h"
#include "samplers/energies/double_well.h"
#include "samplers/initial_states.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

struct Workload {
  std::int64_t n_chains, dim, n_steps;
};

void torchebm_run(benchmark::State& state, const std::string& sampler, const Workload& load,
                  int n_threads) {
  const std::string fault = fault_of(sampler);
  if (!fault.empty()) {
    state.SkipWithError(fault.c_str());
    return;
  }
  const DoubleWell energy(load.dim);
  const auto kernel = bench_kernel(sampler, 1e-3f);
  std::vector<float> rows(static_cast<std::size_t>(load.n_chains * load.dim));
  for ([[maybe_unused]] auto _ : state) {
    draw_initial_states({.seed = 1, .domain = base::Domain::kChainInit}, 0, load.dim, {}, rows);
    ChainStore chains(load.n_chains, load.dim);
    chains.load_rows(rows);
    run_chains(energy, *kernel, chains,
               {.n_steps = load.n_steps, .key = {.seed = 1}, .n_threads = n_threads});
    chains.store_rows(rows);
    benchmark::DoNotOptimize(rows.data());
  }
  const std::int64_t chain_steps = state.iterations() * load.n_chains * load.n_steps;
  state.SetItemsProcessed(chain_steps);
  report_flops(state, static_cast<double>(chain_steps), n_threads, 0.0);
}

const bool kRegistered = [] {
  for (const std::string sampler : {"langevin", "hmc", "gradient-descent", "nesterov"}) {
    for (const Workload& load : {Workload{64, 8, 50}, {256, 32, 100}, {1024, 128, 200}}) {
      for (const int n_threads : {1, 2}) {
        const std::string name =
            "BM_TorchebmRun/sampler:" + sampler + "/chains:" + std::to_string(load.n_chains) +
            "/dim:" + std::to_string(load.dim) + "/steps:" + std::to_string(load.n_steps) +
            "/threads:" + std::to_string(n_threads);
        benchmark::RegisterBenchmark(name.c_str(),
                                     [sampler, load, n_threads](benchmark::State& state) {
                                       torchebm_run(state, sampler, load, n_threads);
                                     })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond)
            ->MinTime(0.1)
            ->Repetitions(7)
            ->ReportAggregatesOnly(true);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace ebm::samplers
