#include "landscape/transitions.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"

namespace ebm::landscape {

std::vector<Link> transition_links(std::span<const std::int64_t> states, std::int64_t n_chains) {
  const auto size = static_cast<std::int64_t>(states.size());
  if (n_chains < 1 || size % n_chains != 0 || size < 2 * n_chains) {
    throw Error(ErrorCode::kShape, "transitions: " + std::to_string(size) + " states of " +
                                       std::to_string(n_chains) +
                                       " chains; expected two whole frames or more");
  }
  std::map<std::pair<std::int64_t, std::int64_t>, double> counts;
  for (std::int64_t i = 0; i + n_chains < size; ++i) {
    counts[std::minmax(states[at(i)], states[at(i + n_chains)])] += 0.5;
  }
  std::vector<Link> links;
  for (const auto& [pair, count] : counts) {
    // Between two states S_ij = (C_ij + C_ji)/2; of a loop S_ii = C_ii.
    const double weight = pair.first == pair.second ? 2.0 * count : count;
    links.push_back({.from = pair.first, .to = pair.second, .weight = weight});
  }
  return links;
}

std::int64_t n_crossings(std::span<const std::int64_t> states, std::int64_t n_chains,
                         std::span<const std::int64_t> modules) {
  std::int64_t n = 0;
  for (std::size_t i = 0; i + at(n_chains) < states.size(); ++i) {
    if (modules[at(states[i])] != modules[at(states[i + at(n_chains)])]) ++n;
  }
  return n;
}

}  // namespace ebm::landscape
