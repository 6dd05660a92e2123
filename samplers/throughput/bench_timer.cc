#include "samplers/throughput/bench_timer.h"

#include <algorithm>
#include <chrono>

#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

constexpr double kPieceSeconds = 0.5;

}  // namespace

BenchTimer::BenchTimer(const BenchCase& bench_case, const std::vector<float>& starts,
                       std::uint64_t seed)
    : case_(bench_case), starts_(starts), seed_(seed) {}

BenchRun BenchTimer::walk(const std::atomic<int>& stop, bool grow_pieces) {
  using Clock = std::chrono::steady_clock;
  ChainStore chains(case_.n_chains, case_.energy->dim());
  chains.load_rows(starts_);
  if (case_.kernel->keeps_momentum()) chains.require_momentum();
  BenchRun run{0.0, 0.0};
  for (std::int64_t step = 0, now = 0; step < case_.n_steps && stop == 0; step += now) {
    now = std::min(piece_, case_.n_steps - step);
    const auto start = Clock::now();
    const RunInfo info = run_chains(*case_.energy, *case_.kernel, chains,
                                    {.n_steps = now,
                                     .first_step = static_cast<std::uint64_t>(step),
                                     .key = {seed_, base::Domain::kSampleNoise},
                                     .n_threads = case_.n_threads});
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    run.seconds += seconds;
    const std::int64_t counted = info.total().n_gradients;
    // Kernels that have nothing to tell evaluate once a step.
    run.n_gradients += counted > 0 ? static_cast<double>(counted)
                                   : static_cast<double>(now) * static_cast<double>(case_.n_chains);
    if (grow_pieces && seconds < kPieceSeconds) piece_ = std::min(2 * piece_, case_.n_steps);
  }
  return run;
}

void BenchTimer::warm_up(const std::atomic<int>& stop) {
  warm_up_seconds_ = walk(stop, true).seconds;
  // A short run ends before its pieces have grown to its length.
  if (warm_up_seconds_ < kPieceSeconds) piece_ = case_.n_steps;
}

void BenchTimer::run(const std::atomic<int>& stop) {
  const BenchRun run = walk(stop, false);
  if (stop == 0) runs_.push_back(run);
}

}  // namespace ebm::samplers
