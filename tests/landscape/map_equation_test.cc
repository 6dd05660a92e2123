#include "landscape/map_equation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "landscape/module_tree.h"
#include "tests/landscape/known_graphs.h"

namespace ebm::landscape {
namespace {

std::vector<std::int64_t> sizes(const Partition& partition) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(partition.n_modules));
  for (const std::int64_t module : partition.modules) ++counts[static_cast<std::size_t>(module)];
  std::sort(counts.begin(), counts.end());
  return counts;
}

TEST(FlowNetworkTest, VisitsAreStrengthsAndLoopsCountOnce) {
  // Weights 3 (of two links), 1 and a loop of 4: 2·(3 + 1) + 4 = 12.
  const std::vector<Link> links{{0, 1, 1.0}, {1, 0, 2.0}, {1, 2, 1.0}, {2, 2, 4.0}};
  const FlowNetwork network = flow_network(3, links);
  const double visits[] = {3.0 / 12, 4.0 / 12, 5.0 / 12}, exits[] = {3.0 / 12, 4.0 / 12, 1.0 / 12};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(network.visits[i], visits[i]);
    EXPECT_DOUBLE_EQ(network.exits[i], exits[i]);
  }
  EXPECT_EQ(network.neighbours, (std::vector<std::int64_t>{1, 0, 2, 1}));
}

TEST(FlowNetworkTest, BadLinksAreRefused) {
  const std::vector<std::vector<Link>> bad{{},
                                           {{0, 3, 1.0}},
                                           {{0, 1, 0.0}},
                                           {{0, 1, -1.0}},
                                           {{0, 1, std::nan("")}},
                                           {{0, 1, 1e308}, {1, 2, 1e308}}};
  for (const auto& links : bad) EXPECT_THROW(flow_network(3, links), Error);
}

TEST(MapEquationTest, TwoTrianglesHaveTheirCodelengths) {
  const FlowNetwork network = two_triangles();
  EXPECT_NEAR(one_level_codelength(network), 2.556656707, 1e-8);
  const std::vector<std::int64_t> halves{0, 0, 0, 5, 5, 5}, one(6, 0);
  EXPECT_NEAR(codelength(network, halves), 2.320730357, 1e-8);
  EXPECT_NEAR(codelength(network, one), 2.556656707, 1e-8);
  const Partition found = find_modules(network, {});
  EXPECT_NEAR(found.codelength, 2.320730357, 1e-8);
  EXPECT_EQ(found.modules, (std::vector<std::int64_t>{0, 0, 0, 1, 1, 1}));
}

TEST(MapEquationTest, TheKarateClubFallsApartAsKnown) {
  const FlowNetwork plain = karate_club(false), weighted = karate_club(true);
  EXPECT_NEAR(one_level_codelength(plain), 4.704422599, 1e-8);
  EXPECT_NEAR(one_level_codelength(weighted), 4.634008204, 1e-8);
  const Partition found = find_modules(plain, {});
  EXPECT_NEAR(found.codelength, 4.311792646, 1e-8);
  EXPECT_EQ(sizes(found), (std::vector<std::int64_t>{5, 12, 17}));
  const Partition by_weight = find_modules(weighted, {});
  EXPECT_NEAR(by_weight.codelength, 4.087423159, 1e-8);
  EXPECT_EQ(by_weight.n_modules, 3);
}

TEST(MapEquationTest, NineTrianglesAreFound) {
  const Partition found = find_modules(nine_triangles(), {});
  EXPECT_NEAR(one_level_codelength(nine_triangles()), 4.745545529, 1e-8);
  EXPECT_NEAR(found.codelength, 3.517754809, 1e-8);
  EXPECT_EQ(sizes(found), std::vector<std::int64_t>(9, 3));
}

TEST(MapEquationTest, ACliqueIsOneModule) {
  std::vector<Link> links;
  for (std::int64_t i = 0; i < 8; ++i) {
    for (std::int64_t j = 0; j < i; ++j) links.push_back({i, j});
  }
  const Partition found = find_modules(flow_network(8, links), {});
  EXPECT_EQ(found.n_modules, 1);
  EXPECT_NEAR(found.codelength, 3.0, 1e-12);
}

TEST(MapEquationTest, NodesWithoutLinksCostNothing) {
  const std::vector<Link> links{{0, 1}, {1, 2}, {0, 2}};
  EXPECT_NEAR(find_modules(flow_network(5, links), {}).codelength, std::log2(3.0), 1e-12);
}

/// A ring of rings, each node with a name.
FlowNetwork ring_of_rings(std::int64_t n_rings, std::int64_t n_nodes) {
  std::vector<Link> links;
  for (std::int64_t ring = 0; ring < n_rings; ++ring) {
    const std::int64_t first = ring * n_nodes;
    for (std::int64_t i = 0; i < n_nodes; ++i) {
      links.push_back({first + i, first + (i + 1) % n_nodes, 1.0 + 0.01 * static_cast<double>(i)});
    }
    links.push_back({first, (first + n_nodes) % (n_rings * n_nodes), 0.5});
  }
  return flow_network(n_rings * n_nodes, links);
}

TEST(MapEquationTest, ThreadsChangeNothing) {
  const FlowNetwork network = ring_of_rings(100, 20);
  ASSERT_GE(network.n(), kNodesForThreads);
  int n_passes = 0, n_inside = 0;
  bool is_alone = true;
  const auto search = [&](int n_threads) {
    n_passes = 0;
    return SearchOptions{.restarts = 5, .n_threads = n_threads, .on_pass = [&] {
                           is_alone = is_alone && ++n_inside == 1;
                           ++n_passes;
                           --n_inside;
                         }};
  };
  const Partition one = find_modules(network, search(1));
  const Hierarchy tree = find_hierarchy(network, search(1));
  const int n_passes_of_one = n_passes;
  EXPECT_GT(one.n_modules, 50);
  for (const int n_threads : {2, 3, 7}) {
    const Partition found = find_modules(network, search(n_threads));
    EXPECT_EQ(found.modules, one.modules);
    EXPECT_EQ(found.codelength, one.codelength);
    EXPECT_EQ(find_hierarchy(network, search(n_threads)).codelength, tree.codelength);
    EXPECT_EQ(n_passes, n_passes_of_one);
  }
  EXPECT_TRUE(is_alone);
}

TEST(MapEquationTest, WhatAPassThrowsEndsTheSearchOfAllThreads) {
  const FlowNetwork network = ring_of_rings(100, 20);
  for (const int n_threads : {1, 3}) {
    int n_passes = 0;
    const SearchOptions options{.restarts = 5, .n_threads = n_threads, .on_pass = [&] {
                                  if (++n_passes >= 4) throw Error(ErrorCode::kIo, "stop");
                                }};
    EXPECT_THROW(find_hierarchy(network, options), Error);
    EXPECT_LE(n_passes, 12);
  }
}

TEST(MapEquationTest, BadPartitionsAndOptionsAreRefused) {
  const FlowNetwork network = two_triangles();
  EXPECT_THROW(codelength(network, std::vector<std::int64_t>(5, 0)), Error);
  EXPECT_THROW(codelength(network, std::vector<std::int64_t>(6, 6)), Error);
  EXPECT_THROW(find_modules(network, {.restarts = 0}), Error);
  EXPECT_THROW(find_modules(network, {.n_threads = 0}), Error);
}

}  // namespace
}  // namespace ebm::landscape
