#include "landscape/map_equation.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/require.h"
#include "landscape/moving_modules.h"
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

/// Nodes by module: those of module m are nodes[first[m]] to below nodes[first[m + 1]].
struct Members {
  std::vector<std::int64_t> first, nodes;

  std::span<const std::int64_t> of(std::int64_t module) const {
    return std::span(nodes).subspan(at(first[at(module)]),
                                    at(first[at(module) + 1] - first[at(module)]));
  }
};

Members members_of(std::span<const std::int64_t> modules, std::int64_t n_modules) {
  Members members{.first = Modules(at(n_modules) + 1), .nodes = Modules(modules.size())};
  for (const std::int64_t module : modules) ++members.first[at(module) + 1];
  for (std::size_t m = 0; m < at(n_modules); ++m) members.first[m + 1] += members.first[m];
  Modules next = members.first;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    members.nodes[at(next[at(modules[i])]++)] = static_cast<std::int64_t>(i);
  }
  return members;
}

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
  const Members members = members_of(modules, n_modules);
  Modules parts(modules.size()), place(modules.size());
  FlowNetwork within{.visits = {}, .exits = {}, .first = {}, .neighbours = {}, .flows = {}};
  std::int64_t n = 0;
  for (std::int64_t m = 0; m < n_modules; ++m) {
    const std::span<const std::int64_t> nodes = members.of(m);
    if (nodes.size() == 1) {
      parts[at(nodes[0])] = n++;
      continue;
    }
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      place[at(nodes[k])] = static_cast<std::int64_t>(k);
    }
    for (auto* rates : {&within.visits, &within.exits, &within.flows}) rates->clear();
    within.first.assign(1, 0);
    within.neighbours.clear();
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

void SearchOptions::validate() const {
  base::require_at_least("restarts", restarts, 1);
  base::require_at_least("n_threads", n_threads, 1);
}

SearchOptions callable_by_threads(const SearchOptions& options) {
  SearchOptions safe = options;
  if (options.on_pass) {
    safe.on_pass = [on_pass = options.on_pass, mutex = std::make_shared<std::mutex>()] {
      const std::lock_guard lock(*mutex);
      on_pass();
    };
  }
  return safe;
}

FlowNetwork aggregate(const FlowNetwork& network, std::span<const std::int64_t> modules,
                      std::int64_t n_modules) {
  FlowNetwork coarse{.visits = std::vector<double>(at(n_modules)),
                     .exits = std::vector<double>(at(n_modules)),
                     .first = {0},
                     .neighbours = {},
                     .flows = {}};
  const Members members = members_of(modules, n_modules);
  std::vector<double> links(at(n_modules));
  Modules nearby;
  for (std::int64_t m = 0; m < n_modules; ++m) {
    nearby.clear();
    for (const std::int64_t node : members.of(m)) {
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
  const int n_threads = network.n() < kNodesForThreads ? 1 : options.n_threads;
  const SearchOptions shared = n_threads > 1 ? callable_by_threads(options) : options;
  // As many at a time as there are threads: each takes memory.
  struct Trial {
    Modules modules;
    double codelength = 0.0;
  };
  std::vector<Trial> trials(static_cast<std::size_t>(n_threads));
  for (std::int64_t first = 0; first < options.restarts; first += n_threads) {
    const std::int64_t n = std::min<std::int64_t>(n_threads, options.restarts - first);
    base::parallel_for(n, n_threads, [&](std::int64_t k) {
      Search search{.random = {{options.seed, base::Domain::kModuleSearch},
                               static_cast<std::uint64_t>(first + k)},
                    .on_pass = shared.on_pass};
      Trial& trial = trials[at(k)];
      trial.modules = refined_search(network, of_one, leaving, search);
      trial.codelength = codelength(network, trial.modules, leaving);
    });
    for (Trial& trial : std::span(trials).first(at(n))) {
      if (trial.codelength >= best.codelength - kMinGain) continue;
      best.modules = std::move(trial.modules);
      best.codelength = trial.codelength;
    }
  }
  sort_modules(network, best);
  return best;
}

}  // namespace ebm::landscape
