#include "samplers/throughput/bench_row.h"

#include <algorithm>
#include <cmath>

namespace ebm::samplers {
namespace {

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

double deviation_of(const std::vector<double>& values) {
  if (values.size() < 2) return 0.0;
  const auto n = static_cast<double>(values.size());
  double mean = 0.0, square = 0.0;
  for (const double v : values) mean += v / n;
  for (const double v : values) square += (v - mean) * (v - mean);
  return std::sqrt(square / (n - 1.0));
}

}  // namespace

BenchRow bench_row(const BenchTimer& timer) {
  const BenchCase& of = timer.bench_case();
  const double chain_steps = static_cast<double>(of.n_chains) * static_cast<double>(of.n_steps);
  std::vector<double> rates, gradients, ms;
  for (const BenchRun& run : timer.runs()) {
    rates.push_back(chain_steps / run.seconds);
    gradients.push_back(run.n_gradients / run.seconds);
    ms.push_back(run.seconds * 1e3);
  }
  return {.energy = of.energy_name,
          .sampler = of.sampler,
          .backend = of.backend,
          .precision = of.precision,
          .dim = of.energy->dim(),
          .n_chains = of.n_chains,
          .n_steps = of.n_steps,
          .n_threads = of.n_threads,
          .repetitions = static_cast<std::int64_t>(timer.runs().size()),
          .chain_steps_per_s = median_of(rates),
          .chain_steps_per_s_min = *std::min_element(rates.begin(), rates.end()),
          .chain_steps_per_s_max = *std::max_element(rates.begin(), rates.end()),
          .chain_steps_per_s_sd = deviation_of(rates),
          .gradients_per_s = median_of(gradients),
          .ms = median_of(ms),
          .gflops = median_of(gradients) * of.flops * 1e-9};
}

double peak_fraction(const BenchRow& row, const Machine& machine) {
  return row.gflops / machine.peak_gflops(row.precision, row.n_threads);
}

void compare_with_torch(std::vector<BenchRow>& rows) {
  for (BenchRow& row : rows) {
    for (const BenchRow& other : rows) {
      if (other.energy != row.energy || other.sampler != row.sampler ||
          other.n_chains != row.n_chains || other.n_steps != row.n_steps ||
          other.n_threads != row.n_threads) {
        continue;
      }
      const double ratio = row.chain_steps_per_s / other.chain_steps_per_s;
      if (other.backend == BenchBackend::kTorch) row.ratio_to_torch = ratio;
      if (other.backend == BenchBackend::kTorchIntraOp) row.ratio_to_torch_intra_op = ratio;
    }
  }
}

}  // namespace ebm::samplers
