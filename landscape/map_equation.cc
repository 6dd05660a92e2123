#include "landscape/map_equation.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "base/require.h"
#include "landscape/plogp.h"
#include "landscape/renumber.h"

namespace ebm::landscape {
namespace {

using Modules = std::vector<std::int64_t>;

/// Bits a step that a round over all nodes has to gain: less is not worth another. With the graph
/// it grows, as a round takes longer and a graph without modules has no end of small gains: 1e-9
/// for 100 nodes, 1e-3 of some 16 for 100,000 and more.
double least_round_gain(const FlowNetwork& network) {
  const auto n = static_cast<double>(network.n());
  return std::min(1e-13 * n * n, 1e-3);
}

/// What all parts of a search share.
struct Search {
  base::RandomStream random;
  const std::function<void()>& on_pass;
};

/// Sums over modules, kept while nodes move.
class MovingModules {
 public:
  MovingModules(const FlowNetwork& network, Modules modules, double leaving)
      : network_(network),
        modules_(std::move(modules)),
        leaving_(leaving),
        exits_(at(network.n())),
        visits_(at(network.n())),
        links_(at(network.n())) {
    for (std::int64_t i = 0; i < network.n(); ++i) {
      const auto own = at(modules_[at(i)]);
      visits_[own] += network.visits[at(i)];
      exits_[own] += network.exits[at(i)];
      for (std::int64_t k = network.first[at(i)]; k < network.first[at(i) + 1]; ++k) {
        if (modules_[at(network.neighbours[at(k)])] == modules_[at(i)]) {
          exits_[own] -= network.flows[at(k)];
        }
      }
    }
    for (const double q : exits_) total_exit_ += q;
  }

  const Modules& modules() const { return modules_; }

  /// Takes a node to the module that shortens the code most. What is gained, 0 if it stays.
  double improve(std::int64_t node) {
    const std::int64_t old = modules_[at(node)];
    double to_old = 0.0;
    nearby_.clear();
    for (std::int64_t k = network_.first[at(node)]; k < network_.first[at(node) + 1]; ++k) {
      const std::int64_t module = modules_[at(network_.neighbours[at(k)])];
      if (links_[at(module)] == 0.0) nearby_.push_back(module);
      links_[at(module)] += network_.flows[at(k)];
    }
    to_old = links_[at(old)];
    std::int64_t best = old;
    double best_change = -kMinGain, best_link = 0.0;
    for (const std::int64_t module : nearby_) {
      if (module == old) continue;
      const double change = change_of(node, old, to_old, module, links_[at(module)]);
      if (change < best_change) {
        best = module;
        best_change = change;
        best_link = links_[at(module)];
      }
    }
    for (const std::int64_t module : nearby_) links_[at(module)] = 0.0;
    if (best == old) return 0.0;
    move(node, old, to_old, best, best_link);
    return -best_change;
  }

 private:
  double exit_without(std::int64_t node, std::int64_t module, double link) const {
    return std::max(exits_[at(module)] - network_.exits[at(node)] + 2.0 * link, 0.0);
  }
  double exit_with(std::int64_t node, std::int64_t module, double link) const {
    return std::max(exits_[at(module)] + network_.exits[at(node)] - 2.0 * link, 0.0);
  }

  /// What a move changes of the codelength.
  double change_of(std::int64_t node, std::int64_t old, double to_old, std::int64_t next,
                   double to_next) const {
    const double p = network_.visits[at(node)];
    const double q_old = exits_[at(old)], q_next = exits_[at(next)];
    const double new_old = exit_without(node, old, to_old);
    const double new_next = exit_with(node, next, to_next);
    const double total = total_exit_ + new_old + new_next - q_old - q_next;
    return plogp(leaving_ + total) - plogp(leaving_ + total_exit_) -
           2.0 * (plogp(new_old) + plogp(new_next) - plogp(q_old) - plogp(q_next)) +
           plogp(new_old + visits_[at(old)] - p) + plogp(new_next + visits_[at(next)] + p) -
           plogp(q_old + visits_[at(old)]) - plogp(q_next + visits_[at(next)]);
  }

  void move(std::int64_t node, std::int64_t old, double to_old, std::int64_t next, double to_next) {
    const double new_old = exit_without(node, old, to_old);
    const double new_next = exit_with(node, next, to_next);
    total_exit_ += new_old + new_next - exits_[at(old)] - exits_[at(next)];
    exits_[at(old)] = new_old;
    exits_[at(next)] = new_next;
    visits_[at(old)] -= network_.visits[at(node)];
    visits_[at(next)] += network_.visits[at(node)];
    modules_[at(node)] = next;
  }

  const FlowNetwork& network_;
  Modules modules_;
  double leaving_;
  double total_exit_ = 0.0;
  std::vector<double> exits_, visits_;  // [n] of each module
  std::vector<double> links_;           // [n] from the node in hand to each module; else 0
  Modules nearby_;
};

/// Moves single nodes in random orders until none gains. After the first round only those are asked
/// that have a neighbour which moved; a last round asks all.
Modules move_nodes(const FlowNetwork& network, Modules start, double leaving, Search& search) {
  MovingModules moving(network, std::move(start), leaving);
  Modules order(at(network.n()));
  std::iota(order.begin(), order.end(), 0);
  std::vector<char> is_open(order.size(), true);
  for (bool is_whole = true;;) {
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[search.random.next_below(i)]);
    }
    if (search.on_pass) search.on_pass();
    double gain = 0.0;
    for (const std::int64_t node : order) {
      if (!std::exchange(is_open[at(node)], false)) continue;
      const double of_node = moving.improve(node);
      if (of_node == 0.0) continue;
      gain += of_node;
      for (std::int64_t k = network.first[at(node)]; k < network.first[at(node) + 1]; ++k) {
        is_open[at(network.neighbours[at(k)])] = true;
      }
    }
    if (gain > least_round_gain(network)) {
      is_whole = false;
      continue;
    }
    if (is_whole) return moving.modules();
    is_whole = true;
    is_open.assign(is_open.size(), true);
  }
}

/// Moves nodes, then modules, then modules of modules, from a partition.
Modules search_from(const FlowNetwork& network, Modules modules, double leaving, Search& search) {
  modules = move_nodes(network, std::move(modules), leaving, search);
  for (;;) {
    const std::int64_t n = renumber(modules);
    const FlowNetwork coarse = aggregate(network, modules, n);
    Modules own(at(n));
    std::iota(own.begin(), own.end(), 0);
    Modules moved = move_nodes(coarse, own, leaving, search);
    if (renumber(moved) == n) return modules;
    for (std::int64_t& module : modules) module = moved[at(module)];
  }
}

Modules one_each(const FlowNetwork& network) {
  Modules own(at(network.n()));
  std::iota(own.begin(), own.end(), 0);
  return own;
}

/// The parts that a search within each module finds, as modules of their own.
Modules parts_of(const FlowNetwork& network, const Modules& modules, std::int64_t n_modules,
                 Search& search) {
  std::vector<Modules> members(at(n_modules));
  for (std::int64_t i = 0; i < network.n(); ++i) members[at(modules[at(i)])].push_back(i);
  Modules parts(modules.size()), place(modules.size());
  std::int64_t n = 0;
  for (const Modules& nodes : members) {
    if (nodes.size() == 1) {
      parts[at(nodes[0])] = n++;
      continue;
    }
    for (std::size_t k = 0; k < nodes.size(); ++k)
      place[at(nodes[k])] = static_cast<std::int64_t>(k);
    FlowNetwork within{.visits = {}, .exits = {}, .first = {0}, .neighbours = {}, .flows = {}};
    for (const std::int64_t node : nodes) {
      within.visits.push_back(network.visits[at(node)]);
      double exit = 0.0;  // within the module alone, which stands for the whole network
      for (std::int64_t k = network.first[at(node)]; k < network.first[at(node) + 1]; ++k) {
        const std::int64_t other = network.neighbours[at(k)];
        if (modules[at(other)] != modules[at(node)]) continue;
        within.neighbours.push_back(place[at(other)]);
        within.flows.push_back(network.flows[at(k)]);
        exit += network.flows[at(k)];
      }
      within.exits.push_back(exit);
      within.first.push_back(static_cast<std::int64_t>(within.neighbours.size()));
    }
    Modules found = search_from(within, one_each(within), 0.0, search);
    const std::int64_t n_found = renumber(found);
    for (std::size_t k = 0; k < nodes.size(); ++k) parts[at(nodes[k])] = n + found[k];
    n += n_found;
  }
  return parts;
}

/// Moves parts of modules as wholes, which start where they are.
Modules move_parts(const FlowNetwork& network, const Modules& modules, double leaving,
                   Search& search) {
  Modules whole = modules;
  const std::int64_t n_modules = renumber(whole);
  Modules parts = parts_of(network, whole, n_modules, search);
  const std::int64_t n_parts = renumber(parts);
  Modules start(at(n_parts));
  for (std::size_t i = 0; i < parts.size(); ++i) start[at(parts[i])] = whole[i];
  const FlowNetwork coarse = aggregate(network, parts, n_parts);
  const Modules moved = search_from(coarse, start, leaving, search);
  for (std::size_t i = 0; i < parts.size(); ++i) whole[i] = moved[at(parts[i])];
  return whole;
}

/// One search and its refinement, which ends where a round gains too little: less than
/// least_round_gain(), or less than a tenth of what modules are still worse by than none, as those
/// of a graph that has no modules are to the end.
/// @param of_one  codelength of a single module
Modules refined_search(const FlowNetwork& network, double of_one, double leaving, Search& search) {
  Modules best = search_from(network, one_each(network), leaving, search);
  double least = codelength(network, best, leaving);
  for (bool better = true; better;) {
    better = false;
    for (const bool by_parts : {false, true}) {
      Modules next = by_parts ? move_parts(network, best, leaving, search)
                              : search_from(network, best, leaving, search);
      const double length = codelength(network, next, leaving);
      if (length >= least - kMinGain) continue;
      better |= least - length > std::max(least_round_gain(network), 0.1 * (length - of_one));
      best = std::move(next);
      least = length;
    }
  }
  return best;
}

/// Numbers modules by falling visits; equal ones by their first node.
void sort_modules(const FlowNetwork& network, Partition& partition) {
  partition.n_modules = renumber(partition.modules);
  std::vector<double> visits(at(partition.n_modules));
  for (std::int64_t i = 0; i < network.n(); ++i) {
    visits[at(partition.modules[at(i)])] += network.visits[at(i)];
  }
  Modules order(visits.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return visits[at(a)] > visits[at(b)]; });
  Modules rank(visits.size());
  for (std::size_t k = 0; k < order.size(); ++k) rank[at(order[k])] = static_cast<std::int64_t>(k);
  for (std::int64_t& module : partition.modules) module = rank[at(module)];
}

}  // namespace

double one_level_codelength(const FlowNetwork& network) {
  double length = 0.0;
  for (const double p : network.visits) length -= plogp(p);
  return length;
}

double codelength(const FlowNetwork& network, std::span<const std::int64_t> modules,
                  double leaving) {
  base::require_size("modules", modules.size(), network.n(), "one per node");
  std::vector<double> exits(modules.size()), visits(modules.size());
  for (std::int64_t i = 0; i < network.n(); ++i) {
    const std::int64_t own = modules[at(i)];
    if (own < 0 || own >= network.n()) {
      throw Error(ErrorCode::kUsage, "modules: node " + std::to_string(i) + " is of module " +
                                         std::to_string(own) + "; must be from 0 to " +
                                         std::to_string(network.n() - 1));
    }
    visits[at(own)] += network.visits[at(i)];
    // What goes to other nodes of the network and to other modules of a larger one.
    double exit = network.exits[at(i)];
    for (std::int64_t k = network.first[at(i)]; k < network.first[at(i) + 1]; ++k) {
      if (modules[at(network.neighbours[at(k)])] == own) exit -= network.flows[at(k)];
    }
    exits[at(own)] += exit;
  }
  double total = 0.0, length = one_level_codelength(network) - plogp(leaving);
  for (std::size_t m = 0; m < exits.size(); ++m) {
    const double q = std::max(exits[m], 0.0);
    total += q;
    length += plogp(q + visits[m]) - 2.0 * plogp(q);
  }
  return length + plogp(leaving + total);
}

void SearchOptions::validate() const { base::require_at_least("restarts", restarts, 1); }

FlowNetwork aggregate(const FlowNetwork& network, std::span<const std::int64_t> modules,
                      std::int64_t n_modules) {
  FlowNetwork coarse{.visits = std::vector<double>(at(n_modules)),
                     .exits = std::vector<double>(at(n_modules)),
                     .first = {0},
                     .neighbours = {},
                     .flows = {}};
  std::vector<Modules> members(at(n_modules));
  for (std::int64_t i = 0; i < network.n(); ++i) members[at(modules[at(i)])].push_back(i);
  std::vector<double> links(at(n_modules));
  for (std::int64_t m = 0; m < n_modules; ++m) {
    Modules nearby;
    for (const std::int64_t node : members[at(m)]) {
      coarse.visits[at(m)] += network.visits[at(node)];
      coarse.exits[at(m)] += network.exits[at(node)];
      for (std::int64_t k = network.first[at(node)]; k < network.first[at(node) + 1]; ++k) {
        const std::int64_t other = modules[at(network.neighbours[at(k)])];
        if (other == m) {
          coarse.exits[at(m)] -= network.flows[at(k)];
          continue;
        }
        if (links[at(other)] == 0.0) nearby.push_back(other);
        links[at(other)] += network.flows[at(k)];
      }
    }
    coarse.exits[at(m)] = std::max(coarse.exits[at(m)], 0.0);
    for (const std::int64_t other : nearby) {
      coarse.neighbours.push_back(other);
      coarse.flows.push_back(std::exchange(links[at(other)], 0.0));
    }
    coarse.first.push_back(static_cast<std::int64_t>(coarse.neighbours.size()));
  }
  return coarse;
}

Partition find_modules(const FlowNetwork& network, const SearchOptions& options, double leaving) {
  options.validate();
  // All in one module is where a search may never get to.
  Partition best{.modules = Modules(at(network.n()), 0), .n_modules = 1, .codelength = 0.0};
  const double of_one = codelength(network, best.modules, leaving);
  best.codelength = of_one;
  for (std::int64_t trial = 0; trial < options.restarts; ++trial) {
    Search search{
        .random = {{options.seed, base::Domain::kModuleSearch}, static_cast<std::uint64_t>(trial)},
        .on_pass = options.on_pass};
    Modules found = refined_search(network, of_one, leaving, search);
    const double length = codelength(network, found, leaving);
    if (length < best.codelength - kMinGain) {
      best.modules = std::move(found);
      best.codelength = length;
    }
  }
  sort_modules(network, best);
  return best;
}

}  // namespace ebm::landscape
