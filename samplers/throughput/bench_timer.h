#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "samplers/throughput/bench_case.h"

namespace ebm::samplers {

/// The cost of one run of a case.
struct BenchRun {
  double seconds;
  double n_gradients;  ///< evaluations of the energy, over all chains
};

/// Runs one case again and again, each time the same walk from the same states.
class BenchTimer {
 public:
  /// @param starts  [n_chains, dim], kept by the caller
  BenchTimer(const BenchCase& bench_case, const std::vector<float>& starts, std::uint64_t seed);

  /// The untimed first run. It finds how many steps take half a second: longer runs are made in
  /// pieces of that length, so that a signal ends them soon; their bits are the same.
  /// @param stop  not 0: return
  void warm_up(const std::atomic<int>& stop);
  /// One timed run: the steps alone, without the making of the states.
  /// @throws Error(kDiverged) if a chain becomes non-finite (NaN or infinity).
  void run(const std::atomic<int>& stop);

  const BenchCase& bench_case() const { return case_; }
  const std::vector<BenchRun>& runs() const { return runs_; }
  /// Of the warm-up; an estimate for the runs to come.
  double warm_up_seconds() const { return warm_up_seconds_; }

 private:
  BenchRun walk(const std::atomic<int>& stop, bool grow_pieces);

  const BenchCase& case_;
  const std::vector<float>& starts_;
  std::uint64_t seed_;
  std::int64_t piece_ = 1;
  double warm_up_seconds_ = 0.0;
  std::vector<BenchRun> runs_;
};

}  // namespace ebm::samplers
