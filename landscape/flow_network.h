#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ebm::landscape {

/// A node's or a module's number, as vectors take it.
inline std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// A weighted undirected link.
struct Link {
  std::int64_t from = 0, to = 0;
  double weight = 1.0;
};

/// A network as the map equation sees it: how often a walker is at each node, and how often it
/// takes each link. All rates are per step of the walk.
struct FlowNetwork {
  std::vector<double> visits;       ///< [n] p, how often a walker is at the node
  std::vector<double> exits;        ///< [n] how often it leaves for any other node
  std::vector<std::int64_t> first;  ///< [n + 1] where a node's neighbours begin
  std::vector<std::int64_t> neighbours;
  std::vector<double> flows;  ///< beside neighbours: how often it goes there from the node

  std::int64_t n() const { return static_cast<std::int64_t>(visits.size()); }
};

/// The walk that takes links in proportion to their weights: p_i = s_i/S, s_i the weights at i (a
/// loop counts once, as in Infomap), S their sum over all i; a link is taken w/S of the time in
/// each direction. Links between the same nodes add up.
/// @throws Error(kBadData) unless nodes are from 0 to n − 1, weights positive and finite, and there
///         is a link.
FlowNetwork flow_network(std::int64_t n, std::span<const Link> links);

}  // namespace ebm::landscape
