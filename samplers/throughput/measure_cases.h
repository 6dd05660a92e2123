#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "samplers/throughput/bench_case.h"
#include "samplers/throughput/bench_row.h"

namespace ebm::samplers {

/// How far measure_cases() has come.
struct MeasureProgress {
  const BenchCase& at;
  double fraction = 0.0;                              ///< of all runs
  std::optional<double> seconds_left = std::nullopt;  ///< unknown before the warm-ups have ended
};

struct MeasureOptions {
  std::int64_t repetitions = 5;  ///< timed runs of each case
  std::uint64_t seed = 0;
  std::function<void(const MeasureProgress&)> on_progress = nullptr;
};

/// Checks and warms up every case, then repeats all of them in turn, so that what slows the machine
/// down for a while hits all alike. Cases on energies of one dimension with as many chains share
/// their starts.
/// @param stop  of base::catch_stop_signals()
/// @return a row for each case
/// @throws base::Stopped; what check_case() and BenchTimer throw
std::vector<BenchRow> measure_cases(const std::vector<BenchCase>& cases,
                                    const MeasureOptions& options, const std::atomic<int>& stop);

}  // namespace ebm::samplers
