#include "samplers/diagnostics/effective_sample_size.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "samplers/diagnostics/autocorrelation.h"
#include "samplers/diagnostics/quantile.h"
#include "samplers/diagnostics/rank_normalize.h"

namespace ebm::samplers {
double effective_sample_size(const DrawsView& draws) {
  const std::vector<double> rho = autocorrelation(draws);
  const std::int64_t n = std::ssize(rho);
  if (n < 2 || std::isnan(rho[1])) return kUndefined;
  const auto at = [&](std::int64_t t) { return t < n ? rho[static_cast<std::size_t>(t)] : 0.0; };

  // The last lags are means over few terms: Stan uses lags up to n − 3. A chain of a few
  // draws has no other lags, and one pair at least has to count.
  const std::int64_t end = std::max<std::int64_t>(n - 5, 1);
  double sum = 0.0;
  double least = std::numeric_limits<double>::infinity();
  std::int64_t t = 0;
  for (; t < end && at(t) + at(t + 1) > 0.0; t += 2) {
    least = std::min(least, at(t) + at(t + 1));
    sum += least;
  }
  const double n_all = static_cast<double>(draws.values().size());
  const double tau = -1.0 + 2.0 * sum + std::max(at(t), 0.0);
  return n_all / std::max(tau, 1.0 / std::log10(n_all));
}

double ess_mean(const DrawsView& draws) {
  return is_diagnosable(draws) ? effective_sample_size(split_halves(draws).view()) : kUndefined;
}

double ess_bulk(const DrawsView& draws) {
  if (!is_diagnosable(draws)) return kUndefined;
  return effective_sample_size(rank_normalize(split_halves(draws).view()).view());
}

double ess_tail(const DrawsView& draws) {
  if (!is_diagnosable(draws)) return kUndefined;
  const auto q = quantiles(draws, std::array{0.05, 0.95});
  return ess_tail(split_halves(draws).view(), q[0], q[1]);
}

double ess_tail(const DrawsView& halves, double q5, double q95) {
  const auto ess_below = [&](double q) {
    return effective_sample_size(
        map_draws(halves, [&](double x) { return x <= q ? 1.0 : 0.0; }).view());
  };
  // fmin passes over a NaN.
  return std::fmin(ess_below(q5), ess_below(q95));
}

}  // namespace ebm::samplers
