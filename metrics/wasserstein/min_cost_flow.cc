#include "metrics/wasserstein/min_cost_flow.h"

// Templates alone: without it, headers refer to constants of LEMON's library.
#define LEMON_ONLY_TEMPLATES
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

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

}  // namespace

MinCostFlow solve_min_cost_flow(const FlowNetwork& network) {
  // Whole numbers of which the largest has 41 bits. A potential is a sum of at most as many of them
  // as there are nodes and stays within 64 bits.
  const double largest = *std::max_element(network.costs.begin(), network.costs.end());
  const int exponent = largest > 0.0 ? 40 - std::ilogb(largest) : 0;
  std::vector<Whole> costs;
  costs.reserve(network.costs.size());
  for (const double cost : network.costs) {
    costs.push_back(std::llround(std::ldexp(cost, exponent)));
  }

  Graph graph;
  graph.reserveNode(static_cast<int>(network.n_nodes));
  graph.reserveArc(static_cast<int>(network.arcs.size()));
  for (std::int64_t i = 0; i < network.n_nodes; ++i) graph.addNode();
  for (const auto& arc : network.arcs) {
    graph.addArc(Graph::nodeFromId(arc.from), Graph::nodeFromId(arc.to));
  }
  using Simplex = lemon::NetworkSimplex<Graph, Whole, Whole>;
  Simplex simplex(graph);
  simplex.costMap(ById<Graph::Arc>{costs}).supplyMap(ById<Graph::Node>{network.supplies});
  if (simplex.run() != Simplex::OPTIMAL) {
    throw Error(ErrorCode::kShape, "no flow sends the supplies of " +
                                       std::to_string(network.n_nodes) + " nodes along " +
                                       std::to_string(network.arcs.size()) + " arcs");
  }
  MinCostFlow flow;
  flow.units.reserve(network.arcs.size());
  for (std::size_t arc = 0; arc < network.arcs.size(); ++arc) {
    flow.units.push_back(simplex.flow(Graph::arcFromId(static_cast<int>(arc))));
  }
  for (std::int64_t i = 0; i < network.n_nodes; ++i) {
    const Whole potential = simplex.potential(Graph::nodeFromId(static_cast<int>(i)));
    flow.potentials.push_back(std::ldexp(static_cast<double>(potential), -exponent));
  }
  return flow;
}

}  // namespace ebm::metrics
