#include "samplers/diagnostics/rhat.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "samplers/diagnostics/quantile.h"
#include "samplers/diagnostics/rank_normalize.h"
#include "samplers/diagnostics/spread.h"

namespace ebm::samplers {
double rhat(const DrawsView& draws) {
  if (draws.n_draws() < 2 || draws.n_chains() < 2 || !is_varied(draws)) return kUndefined;
  const auto [within, total] = spread(draws);
  return std::sqrt(total / within);
}

double split_rhat(const DrawsView& draws) {
  return is_diagnosable(draws) ? rhat(split_halves(draws).view()) : kUndefined;
}

double rank_normalized_rhat(const DrawsView& draws) {
  if (!is_diagnosable(draws)) return kUndefined;
  const Draws halves = split_halves(draws);
  return rank_normalized_rhat(halves.view(), rank_normalize(halves.view()).view());
}

double rank_normalized_rhat(const DrawsView& halves, const DrawsView& scores) {
  const double bulk = rhat(scores);
  const double median = quantiles(halves, std::array{0.5})[0];
  const Draws folded = map_draws(halves, [&](double x) { return std::abs(x - median); });
  const double tail = rhat(rank_normalize(folded.view()).view());
  // Draws of two values, as far from the median each, have no spread to compare.
  return std::isnan(tail) ? bulk : std::max(bulk, tail);
}

}  // namespace ebm::samplers
