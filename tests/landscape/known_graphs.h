#pragma once

#include <cstdint>
#include <vector>

#include "landscape/flow_network.h"

namespace ebm::landscape {

/// Links of nodes from 1.
inline FlowNetwork network_of(std::int64_t n, std::vector<Link> links) {
  for (Link& link : links) {
    --link.from;
    --link.to;
  }
  return flow_network(n, links);
}

/// Two triangles joined by a link.
inline FlowNetwork two_triangles() {
  return network_of(6, {{1, 2}, {1, 3}, {2, 3}, {3, 4}, {4, 5}, {4, 6}, {5, 6}});
}

/// Three groups of three triangles, as in the examples of mapequation.org: triangles of a group are
/// joined at their corners, groups by weaker links.
inline FlowNetwork nine_triangles() {
  std::vector<Link> links;
  for (std::int64_t corner = 1; corner < 27; corner += 3) {
    links.insert(links.end(),
                 {{corner, corner + 1}, {corner, corner + 2}, {corner + 1, corner + 2}});
  }
  for (const std::int64_t group : {0, 9, 18}) {
    links.insert(links.end(),
                 {{group + 1, group + 4}, {group + 3, group + 7}, {group + 6, group + 8}});
  }
  links.insert(links.end(), {{9, 20, 0.8}, {5, 11, 0.8}, {18, 23, 0.8}});
  return network_of(27, links);
}

/// The karate club: who met outside of it, and in how many contexts.
/// Source: Zachary 1977, "An information flow model for conflict and fission in small groups",
/// figures 1 and 3 (facts, without a licence).
inline FlowNetwork karate_club(bool weighted) {
  std::vector<Link> links{
      {1, 2, 4},   {1, 3, 5},   {1, 4, 3},   {1, 5, 3},   {1, 6, 3},   {1, 7, 3},   {1, 8, 2},
      {1, 9, 2},   {1, 11, 2},  {1, 12, 3},  {1, 13, 1},  {1, 14, 3},  {1, 18, 2},  {1, 20, 2},
      {1, 22, 2},  {1, 32, 2},  {2, 3, 6},   {2, 4, 3},   {2, 8, 4},   {2, 14, 5},  {2, 18, 1},
      {2, 20, 2},  {2, 22, 2},  {2, 31, 2},  {3, 4, 3},   {3, 8, 4},   {3, 9, 5},   {3, 10, 1},
      {3, 14, 3},  {3, 28, 2},  {3, 29, 2},  {3, 33, 2},  {4, 8, 3},   {4, 13, 3},  {4, 14, 3},
      {5, 7, 2},   {5, 11, 3},  {6, 7, 5},   {6, 11, 3},  {6, 17, 3},  {7, 17, 3},  {9, 31, 3},
      {9, 33, 3},  {9, 34, 4},  {10, 34, 2}, {14, 34, 3}, {15, 33, 3}, {15, 34, 2}, {16, 33, 3},
      {16, 34, 4}, {19, 33, 1}, {19, 34, 2}, {20, 34, 1}, {21, 33, 3}, {21, 34, 1}, {23, 33, 2},
      {23, 34, 3}, {24, 26, 5}, {24, 28, 4}, {24, 30, 3}, {24, 33, 5}, {24, 34, 4}, {25, 26, 2},
      {25, 28, 3}, {25, 32, 2}, {26, 32, 7}, {27, 30, 4}, {27, 34, 2}, {28, 34, 4}, {29, 32, 2},
      {29, 34, 2}, {30, 33, 4}, {30, 34, 2}, {31, 33, 3}, {31, 34, 3}, {32, 33, 4}, {32, 34, 4},
      {33, 34, 5}};
  if (!weighted) {
    for (Link& link : links) link.weight = 1.0;
  }
  return network_of(34, links);
}

}  // namespace ebm::landscape
