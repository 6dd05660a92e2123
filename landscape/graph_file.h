#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "landscape/flow_network.h"

namespace ebm::landscape {

/// An undirected graph with names.
struct Graph {
  std::vector<std::string> names;  ///< of the nodes
  std::vector<Link> links;
  std::vector<std::string> warnings{};  ///< what was passed over that might be meant otherwise
};

/// Puts the nodes that have links first, in their order, and those without last, as a search for
/// modules has nothing to do with them.
/// @return how many nodes have links
std::int64_t put_linked_first(Graph& graph);

/// Called now and then with the share of a file that has been read, in [0, 1]; NaN if its size is
/// not known. What it throws ends the reading.
using OnRead = std::function<void(double fraction)>;

/// Reads a graph as text, in one of two formats:
///   Pajek      *Vertices N, lines `ID ["NAME"]`, then one or more of
///              *Edges, lines `ID ID [WEIGHT]`;
///              *Edgeslist, lines `ID ID...`: links from the first to each of the others;
///              *Matrix, N lines of N weights, symmetric, 0 for no link;
///              IDs from 1. N nodes, whether lines and links name them or not.
///   edge list  lines `NAME NAME [WEIGHT]`, numbered by first occurrence; `{'weight': WEIGHT}`, as
///              NetworkX writes it, is a weight too
/// Fields are separated by blanks; one in double quotes may hold blanks. Lines end with LF, CRLF or
/// CR; a byte-order mark of UTF-8 is passed over. So are empty lines and those that begin with #, %
/// or //, further attributes of vertices and edges, *Network, *Partition, *Vector, *Cluster and
/// *Permutation, and *Arcs and *Arcslist without arcs. With a warning, so is a first line of an
/// edge list that names columns: `source target`, or any two words if all other nodes are numbers.
/// A weight is 1 unless given; links between the same nodes add up.
/// @param origin  names the text in messages
/// @throws Error(kBadData) naming origin, line, what was found and what would be right: a graph of
///         directed arcs, a weight that is not positive, an ID out of range, two names
///         of one vertex, no links, a *Vertices N above 10000 and above the number of bytes (memory
///         is bounded by the file), text in UTF-16, another format.
Graph parse_graph(std::string_view text, const std::string& origin);

/// The same of a file, which is read in pieces.
/// @throws Error(kNoInput), Error(kIo), and as parse_graph.
Graph read_graph(const std::filesystem::path& path, const OnRead& on_read = {});

}  // namespace ebm::landscape
