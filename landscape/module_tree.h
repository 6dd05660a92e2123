#pragma once

#include <cstdint>
#include <vector>

#include "landscape/flow_network.h"
#include "landscape/map_equation.h"

namespace ebm::landscape {

/// A module of a hierarchy: parts of it, or its nodes.
struct ModuleTree {
  double visits = 0.0;  ///< how often a walker is in it
  double exit = 0.0;    ///< how often it leaves
  std::vector<ModuleTree> parts;
  std::vector<std::int64_t> nodes;  ///< empty where there are parts
};

struct Hierarchy {
  std::vector<ModuleTree> modules;  ///< the coarsest, by falling visits
  std::int64_t n_levels = 0;        ///< of names: 1 for one module, 2 for modules of nodes, ...
  double codelength = 0.0;
};

/// The two levels of find_modules() as a hierarchy.
Hierarchy two_levels(const FlowNetwork& network, const Partition& partition);

/// The hierarchy of least codelength that a greedy search finds: from two levels, modules are
/// joined to larger ones, level by level, and each is split into smaller ones, for as long as that
/// shortens the code.
/// The codebook of a module with parts j costs plogp(q + Σ q_j) − plogp(q) − Σ plogp(q_j) bits per
/// step, q how often the walk leaves it; that of one with nodes p_i in place of q_j.
/// Source: Rosvall & Bergstrom 2011, "Multilevel compression of random walks on networks".
Hierarchy find_hierarchy(const FlowNetwork& network, const SearchOptions& options);

/// The codelength of a hierarchy, from its definition.
double codelength(const FlowNetwork& network, const std::vector<ModuleTree>& modules);

}  // namespace ebm::landscape
