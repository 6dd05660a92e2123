#include "landscape/disconnectivity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/require.h"
#include "landscape/flow_network.h"

namespace ebm::landscape {

std::vector<Merge> disconnectivity_tree(std::span<const double> saddles, std::int64_t n) {
  base::require_size("saddles", saddles.size(), n * n, "one per pair");
  struct Pair {
    double energy;
    std::int64_t a, b;
  };
  std::vector<Pair> pairs;
  for (std::int64_t a = 0; a < n; ++a) {
    for (std::int64_t b = a + 1; b < n; ++b) {
      const double energy = std::min(saddles[at(a * n + b)], saddles[at(b * n + a)]);
      if (!std::isfinite(energy)) {
        throw Error(ErrorCode::kBadData, "a saddle's energy is not finite");
      }
      pairs.push_back({energy, a, b});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& x, const Pair& y) { return x.energy < y.energy; });
  // The group that each minimum is in by now; few minima, so that a scan is enough.
  std::vector<std::int64_t> group(at(n));
  std::iota(group.begin(), group.end(), std::int64_t{0});
  std::vector<Merge> merges;
  for (const Pair& pair : pairs) {
    const std::int64_t left = group[at(pair.a)], right = group[at(pair.b)];
    if (left == right) continue;
    const std::int64_t joined = n + static_cast<std::int64_t>(merges.size());
    merges.push_back({left, right, pair.energy});
    for (std::int64_t& each : group) {
      if (each == left || each == right) each = joined;
    }
  }
  return merges;
}

}  // namespace ebm::landscape
