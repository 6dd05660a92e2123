#include "landscape/graph_modules.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "landscape/module_text.h"

namespace ebm::landscape {
namespace {

/// Two triangles, a, b, c and d, e, f, with a link between c and d, and a node without links.
Graph graph() {
  return {.names = {"a", "b", "lone", "c", "d", "e", "f"},
          .links = {{0, 1}, {1, 3}, {3, 0}, {4, 5}, {5, 6}, {6, 4}, {3, 4}}};
}

TEST(GraphModulesTest, NodesWithoutLinksAreInNoModule) {
  const GraphModules found = find_graph_modules(graph(), {});
  EXPECT_EQ(found.names, (std::vector<std::string>{"a", "b", "c", "d", "e", "f", "lone"}));
  EXPECT_EQ(found.n_linked, 6);
  ASSERT_EQ(found.hierarchy.modules.size(), 2u);
  // Two modules of 7 of 14 link ends each: 2.5567 bits for one level (the entropy of the visits).
  EXPECT_NEAR(found.one_level_codelength, 2.5566567, 1e-6);
  EXPECT_LT(found.hierarchy.codelength, found.one_level_codelength);
}

TEST(GraphModulesTest, TwoLevelsAndOnPassAreThoseOfTheSearch) {
  int n_passes = 0;
  const GraphModules found = find_graph_modules(
      graph(), {.restarts = 1, .two_level = true, .on_pass = [&] { ++n_passes; }});
  EXPECT_EQ(found.hierarchy.n_levels, 2);
  EXPECT_GT(n_passes, 0);
}

TEST(GraphModulesTest, TheDocumentHasEveryNode) {
  const GraphModules found = find_graph_modules(graph(), {});
  const nlohmann::json document = graph_modules_json(found);
  EXPECT_EQ(document["n_nodes"], 7);
  ASSERT_EQ(document["modules"].size(), 3u);
  EXPECT_EQ(document["modules"][2]["nodes"], nlohmann::json::array({"lone"}));
  EXPECT_EQ(document["modules"][2]["visits"], 0.0);
}

TEST(GraphModulesTest, TheTextComparesWithOneLevel) {
  GraphModules found{.names = {"a", "b", "lone"}, .n_linked = 2, .one_level_codelength = 3.0};
  found.hierarchy = {
      .modules = {{.visits = 1.0, .parts = {}, .nodes = {0, 1}}}, .n_levels = 1, .codelength = 2.0};
  EXPECT_EQ(graph_modules_text(found),
            "codelength 2.000000000 bits per step in 1 levels; 3.000000000 in one, 50.00 % more\n" +
                modules_text(found.hierarchy.modules, found.names) +
                "1 nodes without links, each by itself\n");
  found.hierarchy.codelength = 0.0;
  found.n_linked = 3;
  const std::string text = graph_modules_text(found);
  EXPECT_EQ(text.find(" more"), std::string::npos);
  EXPECT_EQ(text.find("without links"), std::string::npos);
}

}  // namespace
}  // namespace ebm::landscape
