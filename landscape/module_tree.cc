#include "landscape/module_tree.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/parallel.h"
#include "landscape/plogp.h"

namespace ebm::landscape {
namespace {

/// Of what is left with rate `exit` and has entries of those rates.
double codebook(double exit, const std::vector<double>& rates) {
  double total = exit, length = -plogp(exit);
  for (const double rate : rates) {
    total += rate;
    length -= plogp(rate);
  }
  return length + plogp(total);
}

/// How often the walk leaves a set of nodes, and is in it.
/// @param place  [n] of 0, which it is again afterwards
ModuleTree leaf_of(const FlowNetwork& network, std::vector<std::int64_t> nodes,
                   std::vector<std::uint8_t>& place) {
  ModuleTree leaf{.visits = 0.0, .exit = 0.0, .parts = {}, .nodes = std::move(nodes)};
  for (const std::int64_t node : leaf.nodes) place[at(node)] = 1;
  for (const std::int64_t node : leaf.nodes) {
    leaf.visits += network.visits[at(node)];
    leaf.exit += network.exits[at(node)];
    for (std::int64_t k = network.first[at(node)]; k < network.first[at(node) + 1]; ++k) {
      if (place[at(network.neighbours[at(k)])] != 0) leaf.exit -= network.flows[at(k)];
    }
  }
  for (const std::int64_t node : leaf.nodes) place[at(node)] = 0;
  leaf.exit = std::max(leaf.exit, 0.0);
  return leaf;
}

std::vector<ModuleTree> leaves_of(const FlowNetwork& network, const Partition& partition) {
  std::vector<std::vector<std::int64_t>> members(at(partition.n_modules));
  for (std::int64_t i = 0; i < network.n(); ++i) {
    members[at(partition.modules[at(i)])].push_back(i);
  }
  std::vector<std::uint8_t> place(at(network.n()));
  std::vector<ModuleTree> leaves;
  for (auto& nodes : members) leaves.push_back(leaf_of(network, std::move(nodes), place));
  return leaves;
}

/// The part of a network that some nodes are, what they leave for outside still in their exits.
/// @param place  [n] of −1, which it is again afterwards
FlowNetwork part_of(const FlowNetwork& network, const std::vector<std::int64_t>& nodes,
                    std::vector<std::int64_t>& place) {
  for (std::size_t k = 0; k < nodes.size(); ++k) place[at(nodes[k])] = static_cast<std::int64_t>(k);
  FlowNetwork part{.visits = {}, .exits = {}, .first = {0}, .neighbours = {}, .flows = {}};
  for (const std::int64_t node : nodes) {
    part.visits.push_back(network.visits[at(node)]);
    part.exits.push_back(network.exits[at(node)]);
    for (std::int64_t k = network.first[at(node)]; k < network.first[at(node) + 1]; ++k) {
      const std::int64_t other = place[at(network.neighbours[at(k)])];
      if (other < 0) continue;
      part.neighbours.push_back(other);
      part.flows.push_back(network.flows[at(k)]);
    }
    part.first.push_back(static_cast<std::int64_t>(part.neighbours.size()));
  }
  for (const std::int64_t node : nodes) place[at(node)] = -1;
  return part;
}

std::vector<double> visits_of(const FlowNetwork& network, const std::vector<std::int64_t>& nodes) {
  std::vector<double> rates;
  for (const std::int64_t node : nodes) rates.push_back(network.visits[at(node)]);
  return rates;
}

/// Splits a module of nodes, and its parts, where that shortens the code.
void split(const FlowNetwork& network, const SearchOptions& options,
           std::vector<std::int64_t>& place, ModuleTree& module) {
  if (module.nodes.size() < 3) return;
  const FlowNetwork part = part_of(network, module.nodes, place);
  const Partition found = find_modules(part, options, module.exit);
  const double alone = codebook(module.exit, part.visits);
  if (found.n_modules < 2 || found.codelength > alone - kMinGain) return;
  module.parts = leaves_of(part, found);
  for (ModuleTree& sub : module.parts) {
    for (std::int64_t& node : sub.nodes) node = module.nodes[at(node)];
    split(network, options, place, sub);
  }
  module.nodes.clear();
}

/// Joins modules to larger ones while that shortens the code of their names.
std::vector<ModuleTree> join(const FlowNetwork& modules_network, std::vector<ModuleTree> modules,
                             const SearchOptions& options) {
  FlowNetwork network = modules_network;
  network.visits = network.exits;  // a module is named when it is entered
  const Partition found = find_modules(network, options);
  if (found.n_modules < 2) return modules;
  std::vector<ModuleTree> joined(at(found.n_modules));
  for (std::size_t m = 0; m < modules.size(); ++m) {
    ModuleTree& larger = joined[at(found.modules[m])];
    larger.visits += modules[m].visits;
    larger.parts.push_back(std::move(modules[m]));
  }
  const FlowNetwork above = aggregate(network, found.modules, found.n_modules);
  for (std::size_t m = 0; m < joined.size(); ++m) joined[m].exit = above.exits[m];
  return join(above, std::move(joined), options);
}

/// A module of one part is that part.
void drop_single_parts(std::vector<ModuleTree>& modules) {
  for (ModuleTree& module : modules) {
    while (module.parts.size() == 1) {
      ModuleTree part = std::move(module.parts.front());
      module = std::move(part);
    }
    drop_single_parts(module.parts);
  }
}

std::int64_t depth_of(const std::vector<ModuleTree>& modules) {
  std::int64_t depth = 0;
  for (const ModuleTree& module : modules) depth = std::max(depth, depth_of(module.parts) + 1);
  return depth;
}

double length_of(const FlowNetwork& network, const ModuleTree& module) {
  if (module.parts.empty()) return codebook(module.exit, visits_of(network, module.nodes));
  std::vector<double> rates;
  double length = 0.0;
  for (const ModuleTree& part : module.parts) {
    rates.push_back(part.exit);
    length += length_of(network, part);
  }
  return length + codebook(module.exit, rates);
}

Hierarchy finished(const FlowNetwork& network, std::vector<ModuleTree> modules) {
  drop_single_parts(modules);
  std::stable_sort(modules.begin(), modules.end(),
                   [](const ModuleTree& a, const ModuleTree& b) { return a.visits > b.visits; });
  Hierarchy hierarchy{.modules = std::move(modules), .n_levels = 0, .codelength = 0.0};
  const bool is_one = hierarchy.modules.size() == 1 && hierarchy.modules[0].parts.empty();
  hierarchy.n_levels = is_one ? 1 : depth_of(hierarchy.modules) + 1;
  hierarchy.codelength = codelength(network, hierarchy.modules);
  return hierarchy;
}

}  // namespace

double codelength(const FlowNetwork& network, const std::vector<ModuleTree>& modules) {
  std::vector<double> rates;
  double length = 0.0;
  for (const ModuleTree& module : modules) {
    rates.push_back(module.exit);
    length += length_of(network, module);
  }
  return length + codebook(0.0, rates);
}

Hierarchy two_levels(const FlowNetwork& network, const Partition& partition) {
  return finished(network, leaves_of(network, partition));
}

Hierarchy find_hierarchy(const FlowNetwork& network, const SearchOptions& options) {
  const Partition partition = find_modules(network, options);
  std::vector<ModuleTree> modules = leaves_of(network, partition);
  // A single module is the network, which has just been searched.
  if (partition.n_modules > 1) {
    const int n_threads = network.n() < kNodesForThreads ? 1 : options.n_threads;
    SearchOptions of_module = n_threads > 1 ? callable_by_threads(options) : options;
    of_module.n_threads = 1;
    using Place = std::vector<std::int64_t>;
    base::parallel_for(
        std::ssize(modules), n_threads,
        [&] { return std::make_unique<Place>(at(network.n()), -1); },
        [&](std::int64_t m, Place& place) { split(network, of_module, place, modules[at(m)]); });
    modules = join(aggregate(network, partition.modules, partition.n_modules), std::move(modules),
                   options);
  }
  return finished(network, std::move(modules));
}

}  // namespace ebm::landscape
