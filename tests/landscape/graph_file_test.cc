#include "landscape/graph_file.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace ebm::landscape {
namespace {

TEST(GraphFileTest, PajekIsRead) {
  const Graph graph = parse_graph(
      "% made by hand\r\n*Vertices 3\n 1 \"first one\"\n 3 third\n*edges\n1 2\n2 3 0.5\n", "g");
  EXPECT_EQ(graph.names, (std::vector<std::string>{"first one", "2", "third"}));
  ASSERT_EQ(graph.links.size(), 2u);
  EXPECT_EQ(graph.links[1].from, 1);
  EXPECT_EQ(graph.links[1].to, 2);
  EXPECT_EQ(graph.links[1].weight, 0.5);
}

TEST(GraphFileTest, EdgeListsAreRead) {
  const Graph graph = parse_graph("# a b\n17 x\n\nx\ty 2e-1", "g");
  EXPECT_EQ(graph.names, (std::vector<std::string>{"17", "x", "y"}));
  ASSERT_EQ(graph.links.size(), 2u);
  EXPECT_EQ(graph.links[0].weight, 1.0);
  EXPECT_EQ(graph.links[1].weight, 0.2);
}

TEST(GraphFileTest, FaultsAreNamedWithTheirLine) {
  const std::vector<std::pair<std::string, std::string>> faults{
      {"", "g: has no links"},
      {"# nothing\n", "g: has no links"},
      {"*Vertices 2\n", "g: has no links"},
      {"a b\nc\n", "g:2: found 1 fields"},
      {"a b 1 2\n", "g:1: found 4 fields"},
      {"a b -1\n", "g:1: weight \"-1\": must be positive"},
      {"a b 0\n", "must be positive"},
      {"a b nan\n", "must be positive"},
      {"a b x\n", "g:1: found \"x\", expected a number"},
      {"*Vertices 2\n*Edges\n1 3\n", "g:3: vertex \"3\": must be from 1 to 2"},
      {"*Vertices 2\n*Edges\n0 1\n", "must be from 1 to 2"},
      {"*Vertices 2\n*Edges\n1 x\n", "must be from 1 to 2"},
      {"*Vertices x\n", "g:1: found \"x\", expected a number"},
      {"*Vertices 1e99\n", "expected a whole number from 1 to 1e7"},
      {"*Vertices 2.5\n", "expected a whole number"},
      {"*Vertices\n", "has no number"},
      {"*Vertices 2\n*Arcs\n1 2\n", "g:2: *Arcs: a directed graph"},
      {"*Matrix\n", "expected *Vertices or *Edges"},
      {"*Edges\n1 2\n", "must be from 1 to 0"},
  };
  for (const auto& [text, message] : faults) {
    try {
      parse_graph(text, "g");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_NE(std::string(error.what()).find(message), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace ebm::landscape
