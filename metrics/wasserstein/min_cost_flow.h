#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ebm::metrics {

/// A directed graph whose arcs carry any amount at a cost.
struct FlowNetwork {
  struct Arc {
    std::int32_t from, to;
  };
  std::int64_t n_nodes = 0;
  std::vector<Arc> arcs{};
  std::vector<double> costs{};           ///< of a unit, [arcs], 0 or above
  std::vector<std::int64_t> supplies{};  ///< [n_nodes], of sum 0; negative where units arrive
};

struct MinCostFlow {
  std::vector<std::int64_t> units;  ///< on each arc
  /// [n_nodes] π: π_to − π_from <= cost of every arc, with equality where units flow, up to the
  /// rounding of costs.
  std::vector<double> potentials;
};

/// The cheapest way to send the supplies, by the network simplex method. For simplex steps without
/// rounding, costs are rounded to 2⁻⁴⁰ of the largest.
/// @throws Error(kShape) if there is none
/// Source: LEMON's NetworkSimplex (Dezső, Jüttner, Kovács 2011).
MinCostFlow solve_min_cost_flow(const FlowNetwork& network);

}  // namespace ebm::metrics
