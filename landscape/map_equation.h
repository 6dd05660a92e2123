#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "landscape/flow_network.h"

namespace ebm::landscape {

/// The codelength of one level, in bits per step of the walk: every node has a name of its own,
///   L = −Σ plogp(p_i),  plogp(x) = x·log₂ x.
double one_level_codelength(const FlowNetwork& network);

/// The map equation of two levels, in bits per step: names of nodes are reused in each module, and
/// a step between modules costs a name of the module and one of leaving,
///   L = plogp(Q + Σ q_m) − plogp(Q) − 2·Σ plogp(q_m) − Σ plogp(p_i) + Σ plogp(q_m + Σ_{i∈m} p_i),
/// q_m how often the walk leaves module m, Q how often it leaves the whole network, 0 for one that
/// is no part of another. Without teleportation.
/// @param modules  [n] of each node, from 0 to below n
/// @param leaving  Q
/// @throws Error(kShape) for another number of modules, Error(kUsage) for a module out of range.
/// Source: Rosvall & Bergstrom 2008, eq. 1; Rosvall, Axelsson, Bergstrom 2009, eq. 4.
double codelength(const FlowNetwork& network, std::span<const std::int64_t> modules,
                  double leaving = 0.0);

struct SearchOptions {
  std::int64_t restarts = 10;  ///< searches in other orders, of which the best is taken
  std::uint64_t seed = 0;
  int n_threads = 1;  ///< that search large networks; results do not depend on it
  /// Called before every pass over the nodes, from one thread at a time. What it throws ends the
  /// search; results do not depend on it.
  std::function<void()> on_pass{};

  /// @throws Error(kUsage) unless there are one restart and one thread at least.
  void validate() const;
};

struct Partition {
  std::vector<std::int64_t> modules;  ///< [n], numbered by falling visits from 0
  std::int64_t n_modules = 0;
  double codelength = 0.0;
};

/// The modules of least codelength that a greedy search finds: nodes move one by one, in random
/// order, to the neighbouring module that shortens it most, until none does; modules then move as
/// if they were nodes, and so on; the result is refined by moves of single nodes and of the parts
/// that a search within each module finds, for as long as that helps.
/// @throws Error(kUsage) as validate()
/// Source: Rosvall, Axelsson, Bergstrom 2009, section 2.1 (Blondel et al. 2008 for the core).
Partition find_modules(const FlowNetwork& network, const SearchOptions& options,
                       double leaving = 0.0);

/// Below so many nodes threads cost more than they gain.
inline constexpr std::int64_t kNodesForThreads = 1000;

/// The same, with an on_pass() that threads may call at the same time.
SearchOptions callable_by_threads(const SearchOptions& options);

/// Modules as the nodes of a network: what they hold adds up, links within them vanish.
FlowNetwork aggregate(const FlowNetwork& network, std::span<const std::int64_t> modules,
                      std::int64_t n_modules);

}  // namespace ebm::landscape
