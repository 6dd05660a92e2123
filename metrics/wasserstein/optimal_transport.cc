#include "metrics/wasserstein/optimal_transport.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"
#include "metrics/neighbours/distance_tiles.h"
#include "metrics/wasserstein/min_cost_flow.h"

namespace ebm::metrics {
namespace {

void require_sizes(std::size_t n_costs, std::int64_t n, std::int64_t m) {
  if (n < 1 || m < 1 || n > kMaxTransportPairs / m) {
    throw Error(ErrorCode::kShape, "exact transport of " + std::to_string(n) + " by " +
                                       std::to_string(m) + " rows: must be at most " +
                                       std::to_string(kMaxTransportPairs) +
                                       " pairs, and 1; use minibatches or slices");
  }
  if (static_cast<std::int64_t>(n_costs) != n * m) {
    throw Error(ErrorCode::kShape, "transport of " + std::to_string(n) + " by " +
                                       std::to_string(m) + " rows has " + std::to_string(n_costs) +
                                       " costs");
  }
}

}  // namespace

std::vector<double> distance_costs(const FeatureView& x, const FeatureView& y, double p) {
  require_equal_dim(x, y);
  std::vector<double> costs;
  costs.reserve(static_cast<std::size_t>(x.n() * y.n()));
  for (std::int64_t i = 0; i < x.n(); ++i) {
    for (std::int64_t j = 0; j < y.n(); ++j) {
      const double squared = squared_distance(x.row(i), y.row(j), x.d());
      costs.push_back(p == 2.0 ? squared : std::pow(std::sqrt(squared), p));
    }
  }
  return costs;
}

Transport solve_transport(std::span<const double> costs, std::int64_t n, std::int64_t m) {
  require_sizes(costs.size(), n, m);
  // A row of the first set gives m/g units, one of the second takes n/g.
  const std::int64_t g = std::gcd(n, m);
  FlowNetwork network{.n_nodes = n + m, .costs = {costs.begin(), costs.end()}};
  network.supplies.assign(static_cast<std::size_t>(n), m / g);
  network.supplies.resize(static_cast<std::size_t>(n + m), -(n / g));
  network.arcs.reserve(costs.size());
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < m; ++j) {
      network.arcs.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(n + j)});
    }
  }
  const MinCostFlow flow = solve_min_cost_flow(network);

  double total = 0.0;
  for (std::size_t arc = 0; arc < costs.size(); ++arc) {
    if (flow.units[arc] > 0) total += static_cast<double>(flow.units[arc]) * costs[arc];
  }
  const std::int64_t n_units = n * (m / g);
  Transport transport{
      .primal = total / static_cast<double>(n_units), .dual = 0.0, .f = {}, .g = {}};
  // The largest g for this f, so that no bound is broken by the rounding of costs.
  transport.g.assign(static_cast<std::size_t>(m), std::numeric_limits<double>::infinity());
  for (std::int64_t i = 0; i < n; ++i) {
    const double f = -flow.potentials[static_cast<std::size_t>(i)];
    transport.f.push_back(f);
    for (std::int64_t j = 0; j < m; ++j) {
      double& bound = transport.g[static_cast<std::size_t>(j)];
      bound = std::min(bound, costs[static_cast<std::size_t>(i * m + j)] - f);
    }
  }
  const auto mean = [](const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  transport.dual = mean(transport.f) + mean(transport.g);
  return transport;
}

double wasserstein_exact(const FeatureView& reference, const FeatureView& samples) {
  require_equal_dim(reference, samples);
  // Before the costs are made.
  require_sizes(static_cast<std::size_t>(reference.n() * samples.n()), reference.n(), samples.n());
  return solve_transport(distance_costs(reference, samples), reference.n(), samples.n()).primal;
}

OneFunctionDual solve_one_function_dual(std::span<const double> costs,
                                        std::span<const std::int64_t> weights, double unit) {
  const auto n = static_cast<std::int64_t>(weights.size());
  require_sizes(costs.size(), n, n);
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (sum != 0) {
    throw Error(ErrorCode::kShape, "weights add up to " + std::to_string(sum) +
                                       "; both sets must have the same total weight");
  }
  FlowNetwork network{.n_nodes = n, .supplies = {weights.begin(), weights.end()}};
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      if (i == j) continue;
      network.arcs.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(j)});
      network.costs.push_back(costs[static_cast<std::size_t>(i * n + j)]);
    }
  }
  OneFunctionDual dual{.value = 0.0, .f = std::vector<double>(static_cast<std::size_t>(n), 0.0)};
  if (n < 2) return dual;
  const MinCostFlow flow = solve_min_cost_flow(network);
  for (std::size_t i = 0; i < dual.f.size(); ++i) {
    dual.f[i] = -flow.potentials[i];
    dual.value += unit * dual.f[i] * static_cast<double>(weights[i]);
  }
  return dual;
}

}  // namespace ebm::metrics
