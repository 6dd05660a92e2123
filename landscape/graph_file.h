#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "landscape/flow_network.h"

namespace ebm::landscape {

/// An undirected graph with names.
struct Graph {
  std::vector<std::string> names;  ///< of the nodes
  std::vector<Link> links;
};

/// Reads a graph as text, in one of two formats:
///   Pajek      *Vertices N, lines `ID "NAME"`; *Edges, lines `ID ID [WEIGHT]`; IDs from 1
///   edge list  lines `NAME NAME [WEIGHT]`, names without spaces, numbered by first occurrence
/// Empty lines and those that begin with # or % are left out. A weight is 1 unless given.
/// @param origin  names the text in messages
/// @throws Error(kBadData) naming origin, line, what was found and what would be right: a graph of
///         directed arcs, a weight that is not positive, an ID out of range, no links.
Graph parse_graph(std::string_view text, const std::string& origin);

/// @throws Error(kNoInput), Error(kIo), and as parse_graph.
Graph read_graph(const std::filesystem::path& path);

}  // namespace ebm::landscape
