#include "landscape/graph_modules.h"

#include <utility>

namespace ebm::landscape {
namespace {

constexpr std::size_t kLargeGraph = 100'000;  // links

}  // namespace

GraphModules find_graph_modules(Graph graph, const GraphModuleOptions& options) {
  GraphModules found;
  found.n_linked = put_linked_first(graph);
  const FlowNetwork network = flow_network(found.n_linked, graph.links);
  const std::int64_t usual = graph.links.size() > kLargeGraph ? 1 : SearchOptions{}.restarts;
  graph.links = {};  // the network has them
  const SearchOptions search{.restarts = options.restarts.value_or(usual),
                             .seed = options.seed,
                             .n_threads = options.n_threads,
                             .on_pass = options.on_pass};
  found.hierarchy = options.two_level ? two_levels(network, find_modules(network, search))
                                      : find_hierarchy(network, search);
  found.one_level_codelength = one_level_codelength(network);
  found.names = std::move(graph.names);
  return found;
}

}  // namespace ebm::landscape
