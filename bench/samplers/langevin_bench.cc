// Langevin chains on the double well, in chain-steps a second. The first steps are checked against
// a scalar reference before anything is timed.

#include "samplers/langevin.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "samplers/double_well.h"
#include "samplers/normals.h"
#include "samplers/run_chains.h"
#include "samplers/simd_target.h"

namespace ebm::samplers {
namespace {

constexpr float kStepSize = 0.01f;
const LangevinOptions kOptions{.step_size = kStepSize,
                               .noise_scale = noise_scale_of(kStepSize, 1.0f)};

/// The largest difference after three steps of 16 chains from the update rule in plain floats.
float error_against_scalar(std::int64_t dim) {
  const base::RandomKey key{.seed = 1};
  ChainStore chains(kLanes, dim);
  std::vector<float> start(static_cast<std::size_t>(kLanes * dim), 0.5f), found(start.size());
  chains.load_rows(start);
  run_chains(DoubleWell(dim), Langevin(kOptions), chains, {.n_steps = 3, .key = key});
  chains.store_rows(found);
  std::vector<std::uint64_t> ids(kLanes);
  for (std::uint64_t lane = 0; lane < kLanes; ++lane) ids[lane] = lane;
  const std::int64_t n_calls = (3 * dim + 3) / 4;
  base::AlignedVector<float> noise(static_cast<std::size_t>(n_calls * 4 * kLanes));
  fill_block_normals(key.philox_key(), ids.data(), 0, n_calls, noise.data());
  float worst = 0.0f;
  for (std::int64_t lane = 0; lane < kLanes; ++lane) {
    for (std::int64_t d = 0; d < dim; ++d) {
      float x = 0.5f;
      for (std::int64_t step = 0; step < 3; ++step) {
        x += -kStepSize * 8.0f * x * (x * x - 1.0f) +
             kOptions.noise_scale *
                 noise[static_cast<std::size_t>((step * dim + d) * kLanes + lane)];
      }
      worst = std::max(worst, std::abs(x - found[static_cast<std::size_t>(lane * dim + d)]));
    }
  }
  return worst;
}

void BM_LangevinStep(benchmark::State& state) {
  const std::int64_t dim = state.range(0);
  const std::int64_t n_chains = state.range(1);
  const int n_threads = static_cast<int>(state.range(2));
  constexpr std::int64_t kSteps = 100;
  if (error_against_scalar(dim) > 1e-5f) {
    state.SkipWithError("chains differ from the scalar reference");
    return;
  }
  const DoubleWell energy(dim);
  const Langevin kernel(kOptions);
  ChainStore chains(n_chains, dim);
  std::uint64_t step = 0;
  for ([[maybe_unused]] auto _ : state) {
    run_chains(energy, kernel, chains,
               {.n_steps = kSteps, .first_step = step, .key = {.seed = 1}, .n_threads = n_threads});
    step += kSteps;
  }
  state.SetItemsProcessed(state.iterations() * n_chains * kSteps);
  state.SetLabel("double-well on " + simd_target());
}
BENCHMARK(BM_LangevinStep)
    ->ArgNames({"dim", "chains", "threads"})
    ->ArgsProduct({{1, 2, 64}, {16384}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ebm::samplers
