#include "landscape/module_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/landscape/known_graphs.h"

namespace ebm::landscape {
namespace {

std::vector<std::int64_t> nodes_of(const std::vector<ModuleTree>& modules) {
  std::vector<std::int64_t> nodes;
  for (const ModuleTree& module : modules) {
    nodes.insert(nodes.end(), module.nodes.begin(), module.nodes.end());
    const auto below = nodes_of(module.parts);
    nodes.insert(nodes.end(), below.begin(), below.end());
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

TEST(ModuleTreeTest, NineTrianglesHaveThreeLevels) {
  const FlowNetwork network = nine_triangles();
  const Hierarchy found = find_hierarchy(network, {});
  EXPECT_NEAR(found.codelength, 3.385830820, 1e-8);
  EXPECT_EQ(found.n_levels, 3);
  ASSERT_EQ(found.modules.size(), 3u);
  for (const ModuleTree& group : found.modules) {
    ASSERT_EQ(group.parts.size(), 3u);
    for (const ModuleTree& triangle : group.parts) EXPECT_EQ(triangle.nodes.size(), 3u);
  }
  const auto nodes = nodes_of(found.modules);
  ASSERT_EQ(nodes.size(), 27u);
  for (std::int64_t i = 0; i < 27; ++i) EXPECT_EQ(nodes[static_cast<std::size_t>(i)], i);
}

TEST(ModuleTreeTest, TwoLevelsCostWhatTheMapEquationSays) {
  for (const FlowNetwork& network : {two_triangles(), nine_triangles(), karate_club(true)}) {
    const Partition partition = find_modules(network, {});
    const Hierarchy two = two_levels(network, partition);
    EXPECT_NEAR(two.codelength, partition.codelength, 1e-12);
    EXPECT_EQ(two.n_levels, 2);
    EXPECT_LE(find_hierarchy(network, {}).codelength, partition.codelength + 1e-12);
  }
}

TEST(ModuleTreeTest, WhatHasNoModulesHasOneLevel) {
  const FlowNetwork network = network_of(3, {{1, 2}, {2, 3}, {1, 3}});
  const Hierarchy found = find_hierarchy(network, {});
  EXPECT_EQ(found.n_levels, 1);
  EXPECT_NEAR(found.codelength, one_level_codelength(network), 1e-12);
}

}  // namespace
}  // namespace ebm::landscape
