#include "samplers/diagnostics/rank_normalize.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace ebm::samplers {
namespace {

/// The quantile for 0 < p <= 1/2.
double lower_quantile(double p) {
  // Abramowitz & Stegun 26.2.23, off by at most 4.5e-4: a start.
  const double t = std::sqrt(-2.0 * std::log(p));
  double z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                       (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  // Halley's steps on Φ(z) − p, with Φ'' = −z·Φ'; each cubes the error.
  for (int step = 0; step < 2; ++step) {
    const double excess = 0.5 * std::erfc(-z / std::numbers::sqrt2) - p;
    const double density = std::exp(-0.5 * z * z) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    const double newton = excess / density;
    z -= newton / (1.0 + 0.5 * z * newton);
  }
  return z;
}

}  // namespace

double normal_quantile(double p) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!(p >= 0.0 && p <= 1.0)) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  return p <= 0.5 ? lower_quantile(p) : -lower_quantile(1.0 - p);
}

Draws rank_normalize(const DrawsView& draws) {
  const auto values = draws.values();
  std::vector<std::pair<double, std::size_t>> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = {values[i], i};
  std::sort(order.begin(), order.end());
  Draws scores{std::vector<double>(values.size()), draws.n_draws(), draws.n_chains()};
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    while (end < order.size() && order[end].first == order[first].first) ++end;
    // Ranks first + 1, ..., end.
    const double rank = 0.5 * static_cast<double>(first + 1 + end);
    const double score =
        normal_quantile((rank - 0.375) / (static_cast<double>(order.size()) + 0.25));
    for (std::size_t i = first; i < end; ++i) scores.values[order[i].second] = score;
  }
  return scores;
}

}  // namespace ebm::samplers
