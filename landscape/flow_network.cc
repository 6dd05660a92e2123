#include "landscape/flow_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::landscape {
namespace {

void check(std::int64_t n, const Link& link) {
  for (const std::int64_t node : {link.from, link.to}) {
    if (node >= 0 && node < n) continue;
    throw Error(ErrorCode::kBadData, "graph: node " + std::to_string(node) +
                                         " of a link; must be from 0 to " + std::to_string(n - 1));
  }
  if (!(link.weight > 0.0) || !std::isfinite(link.weight)) {
    throw Error(ErrorCode::kBadData, "graph: the link from " + std::to_string(link.from) + " to " +
                                         std::to_string(link.to) + " has weight " +
                                         base::number_text(link.weight) +
                                         "; must be positive and finite");
  }
}

/// Both directions of every link but loops, sorted, those between the same nodes added up.
std::vector<Link> directed(std::span<const Link> links) {
  std::vector<Link> all;
  all.reserve(2 * links.size());
  for (const Link& link : links) {
    if (link.from == link.to) continue;
    all.push_back(link);
    all.push_back({link.to, link.from, link.weight});
  }
  std::stable_sort(all.begin(), all.end(), [](const Link& a, const Link& b) {
    return std::tie(a.from, a.to) < std::tie(b.from, b.to);
  });
  std::vector<Link> merged;
  for (const Link& link : all) {
    if (!merged.empty() && merged.back().from == link.from && merged.back().to == link.to) {
      merged.back().weight += link.weight;
    } else {
      merged.push_back(link);
    }
  }
  return merged;
}

}  // namespace

FlowNetwork flow_network(std::int64_t n, std::span<const Link> links) {
  if (links.empty()) throw Error(ErrorCode::kBadData, "graph: has no links");
  double total = 0.0;
  for (const Link& link : links) {
    check(n, link);
    total += 2.0 * link.weight;
  }
  if (!std::isfinite(total)) {
    throw Error(ErrorCode::kBadData, "graph: the weights add up to more than a number can hold");
  }
  const auto size = static_cast<std::size_t>(n);
  FlowNetwork network{.visits = std::vector<double>(size),
                      .exits = std::vector<double>(size),
                      .first = std::vector<std::int64_t>(size + 1),
                      .neighbours = {},
                      .flows = {}};
  for (const Link& link : links) {
    network.visits[static_cast<std::size_t>(link.from)] += link.weight / total;
    network.visits[static_cast<std::size_t>(link.to)] += link.weight / total;
  }
  for (const Link& link : directed(links)) {
    const auto from = static_cast<std::size_t>(link.from);
    network.exits[from] += link.weight / total;
    ++network.first[from + 1];
    network.neighbours.push_back(link.to);
    network.flows.push_back(link.weight / total);
  }
  for (std::size_t i = 0; i < size; ++i) network.first[i + 1] += network.first[i];
  return network;
}

}  // namespace ebm::landscape
