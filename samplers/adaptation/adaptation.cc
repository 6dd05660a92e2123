#include "samplers/adaptation/adaptation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/require.h"
#include "samplers/adaptation/dual_averaging.h"
#include "samplers/adaptation/running_variance.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {
namespace {

/// Steps after which a window of the mass ends: they double, and the last one reaches to the end.
std::vector<std::int64_t> window_ends(std::int64_t n_steps) {
  // Too short to estimate a mass, after which the step size has to be tuned again.
  if (n_steps < 20) return {n_steps};
  const std::int64_t first = std::min<std::int64_t>(75, n_steps * 15 / 100);
  const std::int64_t last = std::min<std::int64_t>(50, n_steps / 10);
  const std::int64_t end = n_steps - last;
  std::vector<std::int64_t> ends{first};
  for (std::int64_t size = 25; ends.back() < end; size *= 2) {
    const std::int64_t next = ends.back() + size;
    // The rest would be too short for a window of its own.
    ends.push_back(next + 2 * size > end ? end : next);
  }
  return ends;
}

/// Variances shrunk towards 1e-3 of their geometric mean as if by five draws, so that a short
/// window does no harm. Those that are 0, of coordinates that have not moved, become that small
/// one.
std::vector<float> shrunk(const RunningVariance& draws) {
  const auto n = static_cast<double>(draws.n());
  const std::vector<double> variances = draws.variance();
  double log_sum = 0.0, n_positive = 0.0;
  for (const double v : variances) {
    if (!(v > 0.0)) continue;
    log_sum += std::log(v);
    n_positive += 1.0;
  }
  const double floor = n_positive > 0.0 ? 1e-3 * std::exp(log_sum / n_positive) : 1.0;
  std::vector<float> result;
  for (const double v : variances) {
    const auto mass = static_cast<float>((n * v + 5.0 * floor) / (n + 5.0));
    result.push_back(std::max(mass, std::numeric_limits<float>::min()));
  }
  return result;
}

}  // namespace

void AdaptationOptions::validate() const {
  base::require_at_least("n_steps", n_steps, 1);
  base::require_between("target_acceptance", target_acceptance, 0.01, 0.999);
  base::require_positive("step_size", step_size);
}

Adapted adapt(const Energy& energy, const MakeAdaptiveKernel& make_kernel, ChainStore& chains,
              const AdaptationOptions& options) {
  options.validate();
  const std::vector<std::int64_t> ends = window_ends(options.n_steps);
  const auto dim = static_cast<std::size_t>(chains.dim());
  std::vector<float> inverse_mass, rows(static_cast<std::size_t>(chains.n_chains()) * dim);
  DualAveraging step(options.step_size, options.target_acceptance);
  RunningVariance draws(chains.dim());
  ChainInfo last_window;
  std::size_t window = 0;
  for (std::int64_t i = 0; i < options.n_steps; ++i) {
    const auto kernel = make_kernel(step.step_size(), inverse_mass);
    const ChainInfo info =
        run_chains(energy, *kernel, chains,
                   {.n_steps = 1,
                    .first_step = options.first_step + static_cast<std::uint64_t>(i),
                    .key = options.key,
                    .n_threads = options.n_threads})
            .total();
    if (info.n_transitions == 0) {
      throw Error(ErrorCode::kUsage, "adapt: the sampler has no accept step to adapt to");
    }
    step.update(info.acceptance());
    last_window += info;
    if (options.adapt_mass && i >= ends.front() && i < ends.back()) {
      chains.store_rows(rows);
      for (std::size_t at = 0; at < rows.size(); at += dim) {
        draws.add(std::span<const float>(rows).subspan(at, dim));
      }
    }
    while (window < ends.size() && i + 1 >= ends[window]) {
      if (window > 0 && options.adapt_mass && draws.n() > 1) {
        inverse_mass = shrunk(draws);
        draws = RunningVariance(chains.dim());
        // A new mass needs a new step size.
        step = DualAveraging(step.averaged_step_size(), options.target_acceptance);
      }
      if (i + 1 < options.n_steps) last_window = {};
      ++window;
    }
    if (options.on_step) options.on_step(i + 1);
  }
  return {step.averaged_step_size(), inverse_mass, last_window.acceptance()};
}

}  // namespace ebm::samplers
