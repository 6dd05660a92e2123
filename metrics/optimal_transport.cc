#include "metrics/optimal_transport.h"

// Templates alone: without it, headers refer to constants of LEMON's library.
#define LEMON_ONLY_TEMPLATES
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.h"
#include "metrics/distance_tiles.h"

namespace ebm::metrics {
namespace {

using Graph = lemon::SmartDigraph;
using Whole = std::int64_t;

/// What the solver reads of an arc or node, from an array by its id.
template <class Item>
struct ById {
  using Key = Item;
  using Value = Whole;
  const std::vector<Whole>& values;

  Value operator[](const Item& item) const {
    return values[static_cast<std::size_t>(Graph::id(item))];
  }
};

/// ‖xᵢ − yⱼ‖, [n, m].
std::vector<double> euclidean_costs(const FeatureView& x, const FeatureView& y) {
  std::vector<double> costs;
  costs.reserve(static_cast<std::size_t>(x.n() * y.n()));
  for (std::int64_t i = 0; i < x.n(); ++i) {
    for (std::int64_t j = 0; j < y.n(); ++j) {
      costs.push_back(std::sqrt(squared_distance(x.row(i), y.row(j), x.d())));
    }
  }
  return costs;
}

/// Rounded to whole numbers of which the largest has 41 bits. A potential is a sum of at most
/// n + m of them and stays within 64 bits.
std::vector<Whole> whole_costs(const std::vector<double>& costs) {
  const double largest = *std::max_element(costs.begin(), costs.end());
  const int exponent = largest > 0.0 ? 40 - std::ilogb(largest) : 0;
  std::vector<Whole> out;
  out.reserve(costs.size());
  for (const double cost : costs) out.push_back(std::llround(std::ldexp(cost, exponent)));
  return out;
}

}  // namespace

double wasserstein_exact(const FeatureView& reference, const FeatureView& samples) {
  require_equal_dim(reference, samples);
  const std::int64_t n = reference.n(), m = samples.n();
  if (n > kMaxTransportPairs / m) {
    throw Error(ErrorCode::kShape, "exact transport of " + std::to_string(n) + " by " +
                                       std::to_string(m) + " rows: must be at most " +
                                       std::to_string(kMaxTransportPairs) +
                                       " pairs; take minibatches or slices");
  }
  const std::vector<double> costs = euclidean_costs(reference, samples);
  const std::vector<Whole> rounded = whole_costs(costs);
  // A row of the reference gives m/g units, one of the samples takes n/g.
  const std::int64_t g = std::gcd(n, m);
  std::vector<Whole> supplies(static_cast<std::size_t>(n), m / g);
  supplies.resize(static_cast<std::size_t>(n + m), -(n / g));

  Graph graph;
  graph.reserveNode(static_cast<int>(n + m));
  graph.reserveArc(static_cast<int>(n * m));
  for (std::int64_t i = 0; i < n + m; ++i) graph.addNode();
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < m; ++j) {
      graph.addArc(Graph::nodeFromId(static_cast<int>(i)),
                   Graph::nodeFromId(static_cast<int>(n + j)));
    }
  }
  using Simplex = lemon::NetworkSimplex<Graph, Whole, Whole>;
  Simplex simplex(graph);
  simplex.costMap(ById<Graph::Arc>{rounded}).supplyMap(ById<Graph::Node>{supplies});
  if (simplex.run() != Simplex::OPTIMAL) {
    throw Error(ErrorCode::kInternal, "the network simplex method found no plan for " +
                                          std::to_string(n) + " by " + std::to_string(m) + " rows");
  }
  double total = 0.0;
  for (std::size_t arc = 0; arc < costs.size(); ++arc) {
    const Whole flow = simplex.flow(Graph::arcFromId(static_cast<int>(arc)));
    if (flow > 0) total += static_cast<double>(flow) * costs[arc];
  }
  const std::int64_t n_units = n * (m / g);
  return total / static_cast<double>(n_units);
}

}  // namespace ebm::metrics
