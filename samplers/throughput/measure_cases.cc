#include "samplers/throughput/measure_cases.h"

#include <map>
#include <utility>

#include "base/random.h"
#include "base/stop_signal.h"
#include "samplers/initial_states.h"
#include "samplers/throughput/bench_check.h"
#include "samplers/throughput/bench_timer.h"

namespace ebm::samplers {
namespace {

/// The starts of every case; cases on the same energy with as many chains share theirs.
class SharedStarts {
 public:
  explicit SharedStarts(std::uint64_t seed) : seed_(seed) {}
  const std::vector<float>& of(const BenchCase& bench_case) {
    const std::int64_t dim = bench_case.energy->dim();
    std::vector<float>& rows = rows_[{bench_case.n_chains, dim}];
    if (rows.empty()) {
      rows.resize(static_cast<std::size_t>(bench_case.n_chains * dim));
      draw_initial_states({.seed = seed_, .domain = base::Domain::kSampleInit}, 0, dim, {}, rows);
    }
    return rows;
  }

 private:
  std::uint64_t seed_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<float>> rows_;  // by (n, dim)
};

}  // namespace

std::vector<BenchRow> measure_cases(const std::vector<BenchCase>& cases,
                                    const MeasureOptions& options, const std::atomic<int>& stop) {
  SharedStarts starts(options.seed);
  std::vector<BenchTimer> timers;
  for (const BenchCase& each : cases) timers.emplace_back(each, starts.of(each), options.seed);
  const auto show = [&](const MeasureProgress& progress) {
    if (options.on_progress) options.on_progress(progress);
  };
  double warm_up = 0.0;
  for (BenchTimer& timer : timers) {
    show({.at = timer.bench_case()});
    check_case(timer.bench_case(), options.seed);
    timer.warm_up(stop);
    base::throw_if_stopped(stop);
    warm_up += timer.warm_up_seconds();
  }
  // A repetition takes as long as the warm-up.
  const double all = warm_up * static_cast<double>(options.repetitions + 1);
  double done = warm_up;
  for (std::int64_t repetition = 0; repetition < options.repetitions; ++repetition) {
    for (BenchTimer& timer : timers) {
      show({.at = timer.bench_case(), .fraction = done / all, .seconds_left = all - done});
      timer.run(stop);
      base::throw_if_stopped(stop);
      done += timer.warm_up_seconds();
    }
  }
  std::vector<BenchRow> rows;
  for (const BenchTimer& timer : timers) rows.push_back(bench_row(timer));
  return rows;
}

}  // namespace ebm::samplers
