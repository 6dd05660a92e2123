#include "landscape/graph_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "landscape/map_equation.h"

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

TEST(GraphFileTest, LinesOfColumnNamesArePassedOverWithAWarning) {
  for (const std::string first : {"from to", "Source\tTarget\tWeight", "# no\n\nsource target",
                                  "node_1 node_2 x y", "FromNodeId ToNodeId", "SRC dst {}"}) {
    const Graph graph = parse_graph(first + "\na b\nb c 0.5\n", "g");
    EXPECT_EQ(graph.names, (std::vector<std::string>{"a", "b", "c"})) << first;
    ASSERT_EQ(graph.links.size(), 2u);
    EXPECT_EQ(graph.links[1].weight, 0.5);
    EXPECT_EQ(graph.warnings.size(), 1u);
  }
  // Any two words above numbers.
  const Graph numbers = parse_graph("\nstation next\n7 8\n8 9 2\n7 9\n", "a\tb");
  EXPECT_EQ(numbers.names, (std::vector<std::string>{"7", "8", "9"}));
  ASSERT_EQ(numbers.links.size(), 3u);
  EXPECT_EQ(numbers.links[1].from, 1);
  EXPECT_EQ(numbers.links[1].to, 2);
  EXPECT_EQ(numbers.links[1].weight, 2.0);
  EXPECT_EQ(numbers.warnings, std::vector<std::string>{"a\\x09b:2: the line \"station next\" is "
                                                       "taken for names of columns"});
}

TEST(GraphFileTest, ALineOfCountsIsAWarning) {
  const Graph graph = parse_graph("5 4\n1 2\n2 3\n3 4\n4 5\n", "g");
  EXPECT_EQ(graph.links.size(), 5u);
  EXPECT_EQ(graph.warnings,
            std::vector<std::string>{"g:1: the line \"5 4\" is read as a link; if it "
                                     "has the numbers of nodes and links, put # "
                                     "before it"});
  for (const char* text : {"5 3\n1 2\n2 3\n3 4\n4 5\n", "4 4\n1 2\n2 3\n3 4\n4 5\n",
                           "5 4\n1 2\n2 3\n3 4\n4 x\n", "2 1\n1 2\n", "# 5 4\n1 2\n2 3\n"}) {
    EXPECT_TRUE(parse_graph(text, "g").warnings.empty()) << text;
  }
}

TEST(GraphFileTest, NodesInQuotesMayBeArrows) {
  EXPECT_EQ(parse_graph("a \"->\"\n\"->\" b\n", "g").names,
            (std::vector<std::string>{"a", "->", "b"}));
}

TEST(GraphFileTest, BytesWithoutEndAreRefusedAtOnce) {
  EXPECT_THROW(read_graph("/dev/zero"), Error);
}

TEST(GraphFileTest, LinksOfWordsStayLinks) {
  for (const std::string text :
       {"to from\n1 2\n2 to\n", "hub rim\n1 2\n2 hub\n", "x y\n1 2\n2 z\n", "x y\n", "x 1\n2 3\n",
        "1 2\nfrom to\n3 4\n", "x x\n1 2\n2 3\n", "x y\nx y\n1 2\n"}) {
    const Graph graph = parse_graph(text, "g");
    EXPECT_EQ(std::ssize(graph.links), std::ranges::count(text, '\n')) << text;
    EXPECT_TRUE(graph.warnings.empty()) << text;
  }
}

TEST(GraphFileTest, CommentsBeginInAnyOfThreeWays) {
  const std::string comments = "# a b\n% a b\n// a b\n//\n  //a b\n";
  const Graph list = parse_graph(comments + "x y\n" + comments + "\"//z\" x\n", "g");
  EXPECT_EQ(list.names, (std::vector<std::string>{"x", "y", "//z"}));
  EXPECT_EQ(list.links.size(), 2u);
  const Graph pajek = parse_graph(
      comments + "*Vertices 2\n" + comments + "*Edges\n" + comments + "1 2\n" + comments, "g");
  EXPECT_EQ(pajek.links.size(), 1u);
}

/// Two triangles joined by a link, in another writing.
void expect_two_triangles(const std::string& text, std::size_t n_nodes = 6) {
  const Graph graph = parse_graph(text, "g");
  EXPECT_EQ(graph.names.size(), n_nodes) << text;
  const FlowNetwork network = flow_network(static_cast<std::int64_t>(n_nodes), graph.links);
  EXPECT_NEAR(one_level_codelength(network), 2.556656707, 1e-9) << text;
  EXPECT_NEAR(find_modules(network, {}).codelength, 2.320730357, 1e-9) << text;
}

const std::string kPairs = "1 2\n1 3\n2 3\n3 4\n4 5\n4 6\n5 6\n";

std::string replaced(std::string text, const std::string& old, const std::string& by) {
  for (std::size_t i = 0; (i = text.find(old, i)) != std::string::npos; i += by.size()) {
    text.replace(i, old.size(), by);
  }
  return text;
}

TEST(GraphFileTest, FirstLinesOfPajekThatAreNotVerticesArePassedOver) {
  const std::string edges = "*Vertices 6\n*Edges\n" + kPairs;
  expect_two_triangles("*Network name\n" + edges);
  expect_two_triangles("*network\n\n% by hand\n" + edges);
  expect_two_triangles("  *NETWORK two words\n" + edges);
  // Of a project file.
  expect_two_triangles("*Network a\n" + edges + "*Partition b\n*Vertices 6\n1\n1\n1\n2\n2\n2\n");
  expect_two_triangles("*Network a\n" + edges + "*Vector b\n*Vertices 6\n0.5\n1\n1\n2\n2\n2\n");
}

TEST(GraphFileTest, ByteOrderMarksAreNoPartOfAName) {
  const std::string mark = "\xEF\xBB\xBF";
  expect_two_triangles(mark + kPairs);
  expect_two_triangles(mark + "# comment\n" + kPairs);
  expect_two_triangles(mark + "*Vertices 6\n*Edges\n" + kPairs);
  // Two files, one after the other.
  expect_two_triangles(mark + "1 2\n1 3\n2 3\n" + mark + "3 4\n4 5\n4 6\n5 6\n");
}

TEST(GraphFileTest, EndsOfLinesAndBlanksAreThoseOfAnySystem) {
  for (const char* end : {"\r\n", "\r", "\n\n", " \t\n", "\r\r\n"}) {
    expect_two_triangles(replaced(kPairs, "\n", end));
    expect_two_triangles(replaced("# names\n*Vertices 6\n*Edges\n" + kPairs, "\n", end));
  }
  expect_two_triangles(replaced(kPairs, " ", "\t"));
  expect_two_triangles(replaced(kPairs, " ", " \t \v\f "));
  expect_two_triangles(kPairs.substr(0, kPairs.size() - 1));
}

TEST(GraphFileTest, SectionsForArcsMayBeEmpty) {
  expect_two_triangles("*Vertices 6\n*Arcs\n*Edges\n" + kPairs);
  expect_two_triangles("*Vertices 6\n*Edges\n" + kPairs + "*arcs\n\n% none\n");
  expect_two_triangles("*Vertices 6\n*Arcslist\n*Arcs :1 \"knows\"\n*Edges\n" + kPairs);
}

TEST(GraphFileTest, AttributesArePassedOver) {
  const std::string head = "*Vertices 6\n*Edges\n";
  expect_two_triangles(head + replaced(kPairs, "\n", " 1 c Blue w 3 l \"x\"\n"));
  expect_two_triangles(head + replaced(kPairs, "\n", " c Blue\n"));
  expect_two_triangles(head + replaced(kPairs, "\n", " 1 [5-7,9]\n"));
  expect_two_triangles(replaced(kPairs, "\n", " 1 c Blue w 3 l \"x y\"\n"));
  expect_two_triangles("*Vertices 6\n1 \"a b\" 0.1 0.2 0.5 box ic Red\n2 b 0.3 0.4\n*Edges\n" +
                       kPairs);
  // As NetworkX writes them.
  expect_two_triangles(replaced(kPairs, "\n", " {}\n"));
  expect_two_triangles(replaced(kPairs, "\n", " {'weight': 2.5, 'color': 'a b'}\n"));
  expect_two_triangles(replaced(kPairs, "\n", " {'color': 'weight'}\n"));
}

TEST(GraphFileTest, OtherSectionsOfPajekAreRead) {
  expect_two_triangles("*Vertices 6\n*Edgeslist\n1 2 3\n2 3\n3 4\n4 5 6\n5 6\n");
  expect_two_triangles("*Vertices 6\n*Edges\n1 2\n1 3\n2 3\n*Edgeslist\n4 3 5 6\n*Edges\n5 6\n");
  expect_two_triangles(
      "*Vertices 6\n*Matrix\n0 1 1 0 0 0\n1 0 1 0 0 0\n1 1 0 1 0 0\n"
      "0 0 1 0 1 1\n0 0 0 1 0 1\n0 0 0 1 1 0\n");
}

TEST(GraphFileTest, LoopsCountOnce) {
  // Strengths 3, 2, 3, 3, 2, 2 of 15: −Σ p·log₂ p.
  const double expected = -(3 * 0.2 * std::log2(0.2) + 3 * (2.0 / 15) * std::log2(2.0 / 15));
  EXPECT_NEAR(expected, 2.5559, 5e-5);
  for (const std::string& text :
       {kPairs + "1 1 1\n", "*Vertices 6\n*Edges\n1 1\n" + kPairs,
        "1 1 0.25\n" + kPairs + "1 1 0.75",
        std::string("*Vertices 6\n*Matrix\n1 1 1 0 0 0\n1 0 1 0 0 0\n1 1 0 1 0 0\n"
                    "0 0 1 0 1 1\n0 0 0 1 0 1\n0 0 0 1 1 0\n")}) {
    const Graph graph = parse_graph(text, "g");
    ASSERT_EQ(graph.names.size(), 6u);
    EXPECT_NEAR(one_level_codelength(flow_network(6, graph.links)), expected, 1e-12) << text;
  }
}

TEST(GraphFileTest, VerticesThatNothingNamesAreNodes) {
  expect_two_triangles("*Vertices 8\n*Edges\n" + kPairs, 8);
  expect_two_triangles("*Vertices 10000\n*Edges\n" + kPairs, 10000);
  expect_two_triangles("*Vertices 8\n1 a\n*Edges\n" + kPairs, 8);
  expect_two_triangles("*Vertices 8 2\n8 h\n*Edges\n" + kPairs, 8);
  EXPECT_EQ(parse_graph("*Vertices 3\n3 c\n*Edges\n1 2\n", "g").names,
            (std::vector<std::string>{"1", "2", "c"}));
}

TEST(GraphFileTest, AVertexMayBeNamedTwiceTheSame) {
  const Graph graph = parse_graph("*Vertices 2\n1 a\n1 a\n2\n2 b\n*Edges\n1 2\n", "g");
  EXPECT_EQ(graph.names, (std::vector<std::string>{"a", "b"}));
}

TEST(GraphFileTest, NodesWithoutLinksComeLast) {
  Graph graph = parse_graph("*Vertices 6\n1 a\n2 b\n3 c\n*Edges\n2 5\n5 4\n4 4\n", "g");
  EXPECT_EQ(put_linked_first(graph), 3);
  EXPECT_EQ(graph.names, (std::vector<std::string>{"b", "4", "5", "a", "c", "6"}));
  ASSERT_EQ(graph.links.size(), 3u);
  EXPECT_EQ(graph.links[0].from, 0);
  EXPECT_EQ(graph.links[0].to, 2);
  EXPECT_EQ(graph.links[1].to, 1);
  EXPECT_EQ(graph.links[2].from, 1);
  Graph whole = parse_graph("x y\ny z\n", "g");
  EXPECT_EQ(put_linked_first(whole), 3);
  EXPECT_EQ(whole.names, (std::vector<std::string>{"x", "y", "z"}));
}

TEST(GraphFileTest, MemoryIsBoundedByTheFile) {
  EXPECT_THROW(parse_graph("*Vertices 10001\n*Edges\n1 10001\n", "g"), Error);
  const std::string comment = "% " + std::string(20000, '.') + "\n";
  EXPECT_EQ(parse_graph(comment + "*Vertices 20000\n*Edges\n1 20000\n", "g").names.size(), 20000u);
}

TEST(GraphFileTest, NamesMayHoldBlanksMarksAndAnyScript) {
  const Graph graph =
      parse_graph("\"#1 a\" \"*b\" 2\n\"*b\" \xC3\xA9t\xC3\xA9\nit's {x}\n\"\" <b>\n", "g");
  EXPECT_EQ(graph.names, (std::vector<std::string>{"#1 a", "*b", "\xC3\xA9t\xC3\xA9", "it's", "{x}",
                                                   "", "<b>"}));
  EXPECT_EQ(graph.links.size(), 4u);
}

TEST(GraphFileTest, LinksBetweenTheSameNodesAddUp) {
  for (const char* text : {"a b 1\nb a 2\nb c\n", "a b 3\nb c 1e0\n", "b a +0.5\nb c\na b 2.5\n"}) {
    const Graph graph = parse_graph(text, "g");
    const FlowNetwork network = flow_network(3, graph.links);
    EXPECT_NEAR(one_level_codelength(network), 0.5 + 0.375 * std::log2(8.0 / 3) + 0.375, 1e-12);
  }
}

TEST(GraphFileTest, FilesAreReadInPieces) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "graph_file_test.txt";
  // Lines lie across pieces of a mebibyte, and so does a CRLF.
  std::string text;
  for (int i = 0; text.size() < (5u << 20); ++i) {
    text += std::to_string(i % 1000) + " " + std::to_string(i % 997 + 1) + "\r\n";
  }
  base::write_file_atomically(path, text);
  std::vector<double> fractions;
  const Graph read = read_graph(path, [&](double fraction) { fractions.push_back(fraction); });
  const Graph parsed = parse_graph(text, "g");
  EXPECT_EQ(read.names, parsed.names);
  ASSERT_EQ(read.links.size(), parsed.links.size());
  for (std::size_t i = 0; i < read.links.size(); ++i) {
    ASSERT_EQ(read.links[i].from, parsed.links[i].from);
    ASSERT_EQ(read.links[i].to, parsed.links[i].to);
  }
  EXPECT_GE(fractions.size(), 5u);
  EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
  EXPECT_EQ(fractions.back(), 1.0);
  std::filesystem::remove(path);
  EXPECT_THROW(read_graph(path), Error);
  EXPECT_THROW(read_graph(testing::TempDir()), Error);
}

TEST(GraphFileTest, FaultsAreNamedWithTheirLine) {
  const std::vector<std::pair<std::string, std::string>> faults{
      {"", "g: has no links"},
      {"# nothing\n", "g: has no links"},
      {"*Vertices 2\n", "g: has no links"},
      {"a b\nc\n", "g:2: found 1 field, expected two nodes and a weight"},
      {"a,b,1\n", "g:1: found 1 field, expected two nodes and a weight, separated by blanks"},
      {"a, b\nb, c\n", "g:1: found \"a,\", expected two nodes separated by blanks"},
      {"a; b; 1\n", "g:1: found \"a;\", expected two nodes separated by blanks"},
      {"\"a\",\"b\",1\n", "g:1: text follows a closing quotation mark"},
      {"a b 1 2\n", "g:1: found 4 fields"},
      {"a b -1\n", "g:1: weight \"-1\": must be positive"},
      {"a b 0\n", "must be positive"},
      {"a b nan\n", "must be positive"},
      {"a b x\n", "g:1: found \"x\", expected a number; # before a line of names of columns"},
      {"a b\nb c x\n", "g:2: found \"x\", expected a number"},
      {"a -> b\n", "g:1: found \"->\" for a node, expected two nodes and a weight"},
      {"1 -- 2\n2 -- 3\n", "g:1: found \"--\" for a node"},
      {"*Vertices 2\n*Edges\n1 3\n", "g:3: vertex \"3\": must be from 1 to 2"},
      {"*Vertices 2\n*Edges\n0 1\n", "must be from 1 to 2"},
      {"*Vertices 2\n*Edges\n1 x\n", "must be from 1 to 2"},
      {"*Vertices 3\n1 a\n2 b\n1 c\n*Edges\n1 2\n",
       "g:4: vertex 1 is named \"c\" here and \"a\" before; expected one name"},
      {"*Vertices x\n", "g:1: found \"x\", expected a number"},
      {"*Vertices 1e99\n", "expected a whole number from 1 to 1e9"},
      {"%\n*Vertices 10000000\n*Edges\n1 10000000\n",
       "g:2: *Vertices 10000000: expected at most 10000, or as many as the file has bytes (39)"},
      {"*Vertices 2.5\n", "expected a whole number"},
      {"*Vertices\n", "has no number"},
      {"*Vertices 2\n*Arcs\n1 2\n", "g:3: an arc: a directed graph; expected *Edges"},
      {"*Vertices 2\n*Arcslist\n1 2\n", "g:3: an arc: a directed graph"},
      {"*Links\n", "g:1: found \"*Links\", expected *Vertices or *Edges"},
      {"*Edges\n1 2\n", "g:1: \"*Edges\" before *Vertices"},
      {"a b\n*Vertices 2\n*Edges\n1 2\n", "g:2: \"*Vertices\" after lines of links"},
      {"*Vertices 2\n*Edges\n1 2\n*Vertices 2\n", "g:4: a second *Vertices"},
      {"*Network\n*Vertices 2\n*Edges\n1 2\n*Network\n", "g:5: a second *Network"},
      {"*Vertices 2\n*Edgeslist\n1\n", "g:3: found 1 field, expected a vertex and its"},
      {"*Vertices 2\n*Matrix\n0 1\n", "g:3: *Matrix ends after 1 rows, expected 2"},
      {"*Vertices 2\n*Matrix\n0 1\n1\n", "g:4: found 1 fields, expected a row of 2 weights"},
      {"*Vertices 2\n*Matrix\n0 1\n2 0\n", "has 1 from 1 to 2 and 2 back: a directed graph"},
      {"*Vertices 2\n*Matrix\n0 -1\n-1 0\n", "g:3: weight \"-1\": must be positive"},
      {"a b inf\n", "must be positive and finite"},
      {"a b -inf\n", "must be positive and finite"},
      {"a b 1e400\n", "g:1: found \"1e400\", which is beyond the range of a double"},
      {"a b {'weight': 0}\n", "weight \"0\": must be positive"},
      {"a b {'weight': 1\n", "a { is not closed"},
      {"a \"b\n", "g:1: a quotation mark is not closed"},
      {std::string("\xFF\xFE"
                   "a\0 \0b\0\n\0",
                   10),
       "g:1: is UTF-16 or no text; expected UTF-8"},
      {std::string("\xFE\xFF\0a\0 \0b\0\n", 10), "g:1: is UTF-16"},
      {std::string("a\0 \0b\0\n\0", 8), "g:1: is UTF-16"},
      {"%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n", "Matrix Market"},
      {"graph [\n  directed 0\n", "g:1: looks like GML or DOT; expected Pajek or lines of two"},
      {"Creator \"igraph version 0.10\"\nVersion 1\n", "looks like GML"},
      {"<?xml version='1.0'?>\n", "looks like XML"},
      {"{\"nodes\": []}\n", "looks like JSON"},
      {"<!DOCTYPE html><html>Not found</html>\n", "g:1: looks like a web page"},
      {"<HTML lang=\"en\">\n", "looks like a web page"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
       "g:1: looks like a pointer of Git LFS, whose data are not here; expected Pajek"},
      {"\x1f\x8b\x08\x08\xd2 x\n", "g:1: is no text, packed by gzip: unpack it with gunzip"},
      {"BZh91AY&SY\xd2 x\n", "g:1: is no text, packed by bzip2"},
      {std::string("BM6\x03\0 x\n", 8), "g:1: is no text, a BMP image"},
      {"dl n=3\nformat = edgelist1\n", "looks like UCINET DL"},
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
