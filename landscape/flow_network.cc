#include "landscape/flow_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

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

/// A loop has two ends at one node and counts once.
double at_each_end(const Link& link) {
  return link.from == link.to ? 0.5 * link.weight : link.weight;
}

/// Adds up what leads from a node to the same neighbour, in the order of the links, and sorts by
/// neighbour. What is left comes to the front.
/// @return how many neighbours are left
std::size_t merge(std::vector<std::pair<std::int64_t, double>>& row) {
  std::stable_sort(row.begin(), row.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t n = 0;
  for (const auto& [to, weight] : row) {
    if (n > 0 && row[n - 1].first == to) {
      row[n - 1].second += weight;
    } else {
      row[n++] = {to, weight};
    }
  }
  return n;
}

/// Puts both directions of every link but loops into rows, one per node, without a copy of them
/// all.
void fill_rows(std::span<const Link> links, FlowNetwork& network) {
  std::vector<std::int64_t> next(network.first.begin(), network.first.end() - 1);
  for (const Link& link : links) {
    if (link.from == link.to) continue;
    const auto forth = at(next[at(link.from)]++), back = at(next[at(link.to)]++);
    network.neighbours[forth] = link.to;
    network.neighbours[back] = link.from;
    network.flows[forth] = network.flows[back] = link.weight;
  }
}

/// Sorts and merges the rows of weights, which become flows.
void finish_rows(double total, FlowNetwork& network) {
  std::vector<std::pair<std::int64_t, double>> row;
  std::size_t end = 0;
  std::int64_t begin = 0;
  for (std::size_t node = 0; node < network.visits.size(); ++node) {
    row.clear();
    for (std::int64_t k = begin; k < network.first[node + 1]; ++k) {
      row.emplace_back(network.neighbours[at(k)], network.flows[at(k)]);
    }
    begin = network.first[node + 1];
    const std::size_t n = merge(row);
    for (std::size_t k = 0; k < n; ++k, ++end) {
      network.neighbours[end] = row[k].first;
      network.flows[end] = row[k].second / total;
      network.exits[node] += network.flows[end];
    }
    network.first[node + 1] = static_cast<std::int64_t>(end);
  }
  network.neighbours.resize(end);
  network.flows.resize(end);
}

}  // namespace

FlowNetwork flow_network(std::int64_t n, std::span<const Link> links) {
  if (links.empty()) throw Error(ErrorCode::kBadData, "graph: has no links");
  double total = 0.0;
  for (const Link& link : links) {
    check(n, link);
    total += 2.0 * at_each_end(link);
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
    for (const std::int64_t end : {link.from, link.to}) {
      network.visits[at(end)] += at_each_end(link) / total;
      if (link.from != link.to) ++network.first[at(end) + 1];
    }
  }
  for (std::size_t i = 0; i < size; ++i) network.first[i + 1] += network.first[i];
  network.neighbours.resize(at(network.first[size]));
  network.flows.resize(at(network.first[size]));
  fill_rows(links, network);
  finish_rows(total, network);
  return network;
}

}  // namespace ebm::landscape
