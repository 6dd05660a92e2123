#include "ebm/transport_pairs.h"

#include "metrics/features.h"
#include "metrics/wasserstein/min_cost_flow.h"
#include "metrics/wasserstein/optimal_transport.h"

namespace ebm {

std::vector<std::int64_t> transport_pairs(std::span<const float> from, std::span<const float> to,
                                          std::int64_t dim) {
  const std::int64_t n = std::ssize(from) / dim, m = std::ssize(to) / dim;
  metrics::FlowNetwork network{
      .n_nodes = n + m,
      .costs = metrics::distance_costs(metrics::FeatureView(from, n, dim, "noise"),
                                       metrics::FeatureView(to, m, dim, "data"), 2.0)};
  for (std::int64_t i = 0; i < n; ++i) {
    network.supplies.push_back(1);
    for (std::int64_t j = 0; j < m; ++j) {
      network.arcs.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(n + j)});
    }
  }
  network.supplies.resize(static_cast<std::size_t>(n + m), -1);
  const metrics::MinCostFlow flow = metrics::solve_min_cost_flow(network);
  std::vector<std::int64_t> pairs(static_cast<std::size_t>(n));
  for (std::size_t arc = 0; arc < flow.units.size(); ++arc) {
    if (flow.units[arc] == 0) continue;
    const auto& of = network.arcs[arc];
    pairs[static_cast<std::size_t>(of.from)] = of.to - n;
  }
  return pairs;
}

}  // namespace ebm
