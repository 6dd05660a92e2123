#include "evaluation/energy_histograms.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "samplers/diagnostics/quantile.h"

namespace ebm::evaluation {
namespace {

struct Range {
  double low, high;
};

Range range_of(const EnergySet& set) {
  if (set.energies.empty()) {
    throw Error(ErrorCode::kShape, "a histogram of the energies of " + set.name + ": has none");
  }
  constexpr std::array kCentral{0.01, 0.99};
  const std::vector<double> values(set.energies.begin(), set.energies.end());
  const auto n = static_cast<std::int64_t>(values.size());
  const auto ends = samplers::quantiles({values, n, 1}, kCentral);
  return {ends[0], ends[1]};
}

Range central_range(const std::vector<EnergySet>& sets, std::size_t n_core) {
  Range core = range_of(sets[0]);
  const auto include = [](Range& into, const Range& range) {
    into = {std::min(into.low, range.low), std::max(into.high, range.high)};
  };
  for (std::size_t i = 1; i < n_core; ++i) include(core, range_of(sets[i]));
  Range all = core;
  for (std::size_t i = n_core; i < sets.size(); ++i) include(all, range_of(sets[i]));
  const double width = core.high - core.low;
  Range central{std::max(all.low, core.low - width), std::min(all.high, core.high + width)};
  if (central.high > central.low) return central;
  // All the same: buckets need a width that their number can divide.
  const double half = 0.5 * std::max(1e-3, 1e-3 * std::abs(core.low));
  return {core.low - half, core.low + half};
}

}  // namespace

EnergyHistograms energy_histograms(const std::vector<EnergySet>& sets, std::size_t n_core,
                                   std::int64_t n_buckets) {
  if (n_core < 1 || n_core > sets.size() || n_buckets < 1) {
    throw Error(ErrorCode::kShape, std::to_string(n_core) + " of " + std::to_string(sets.size()) +
                                       " sets in " + std::to_string(n_buckets) +
                                       " buckets: needs at least one of each");
  }
  const Range range = central_range(sets, n_core);
  const double n = static_cast<double>(n_buckets);
  EnergyHistograms out;
  for (std::int64_t i = 0; i <= n_buckets; ++i) {
    out.edges.push_back(std::lerp(range.low, range.high, static_cast<double>(i) / n));
  }
  for (const EnergySet& set : sets) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(n_buckets));
    for (const double energy : set.energies) {
      const auto above = std::upper_bound(out.edges.begin(), out.edges.end(), energy);
      const std::int64_t bucket = above - out.edges.begin() - 1;
      ++counts[static_cast<std::size_t>(std::clamp<std::int64_t>(bucket, 0, n_buckets - 1))];
    }
    out.sets.push_back({set.name, std::move(counts)});
  }
  return out;
}

}  // namespace ebm::evaluation
