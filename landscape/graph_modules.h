#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "landscape/graph_file.h"
#include "landscape/module_tree.h"

namespace ebm::landscape {

struct GraphModuleOptions {
  std::optional<std::int64_t> restarts = {};  ///< searches; nothing: 10, and 1 above 100000 links
  bool two_level = false;                     ///< modules without submodules
  std::uint64_t seed = 0;
  int n_threads = 1;                   ///< results do not depend on it
  std::function<void()> on_pass = {};  ///< as SearchOptions::on_pass
};

/// The modules of a graph with names.
struct GraphModules {
  std::vector<std::string> names = {};  ///< of the nodes, those with links first
  std::int64_t n_linked = 0;            ///< nodes with links; the others are in no module
  Hierarchy hierarchy = {};             ///< of the nodes with links
  double one_level_codelength = 0.0;
};

/// Finds the modules of a graph by the map equation.
/// @throws what flow_network() and SearchOptions::validate() throw
GraphModules find_graph_modules(Graph graph, const GraphModuleOptions& options);

}  // namespace ebm::landscape
