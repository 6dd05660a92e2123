#include "landscape/k_means.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "base/require.h"
#include "landscape/flow_network.h"
#include "landscape/squared_distance.h"

namespace ebm::landscape {
namespace {

std::vector<float> first_centres(std::span<const float> rows, std::int64_t n, std::int64_t dim,
                                 const KMeansOptions& options) {
  base::RandomStream random({.seed = options.seed, .domain = base::Domain::kModuleSearch},
                            std::uint64_t{1} << 63);
  std::vector<float> centres;
  std::vector<double> nearest(at(n), std::numeric_limits<double>::infinity());
  std::int64_t chosen = static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(n)));
  while (true) {
    const float* row = rows.data() + chosen * dim;
    centres.insert(centres.end(), row, row + dim);
    if (static_cast<std::int64_t>(centres.size()) == options.k * dim) return centres;
    double sum = 0.0;
    for (std::int64_t i = 0; i < n; ++i) {
      nearest[at(i)] = std::min(nearest[at(i)], squared_distance(rows.data() + i * dim, row, dim));
      sum += nearest[at(i)];
    }
    double left = double{random.next_uniform()} * sum;
    for (chosen = 0; chosen < n - 1; ++chosen) {
      left -= nearest[at(chosen)];
      if (left < 0.0) break;
    }
  }
}

}  // namespace

void KMeansOptions::validate() const {
  base::require_at_least("k", k, 1);
  base::require_at_least("n_iterations", n_iterations, 1);
}

KMeans k_means(std::span<const float> rows, std::int64_t dim, const KMeansOptions& options) {
  options.validate();
  const auto n = static_cast<std::int64_t>(rows.size()) / dim;
  if (n < options.k) {
    throw Error(ErrorCode::kUsage, "k = " + std::to_string(options.k) + ": must be at most the " +
                                       std::to_string(n) + " rows");
  }
  KMeans found{.states = std::vector<std::int64_t>(at(n), -1),
               .centres = first_centres(rows, n, dim, options)};
  for (std::int64_t iteration = 0; iteration < options.n_iterations; ++iteration) {
    bool changed = false;
    found.inertia = 0.0;
    std::vector<double> sums(found.centres.size(), 0.0);
    std::vector<std::int64_t> counts(at(options.k), 0);
    for (std::int64_t i = 0; i < n; ++i) {
      const float* row = rows.data() + i * dim;
      double least = std::numeric_limits<double>::infinity();
      std::int64_t nearest = 0;
      for (std::int64_t c = 0; c < options.k; ++c) {
        const double distance = squared_distance(row, found.centres.data() + c * dim, dim);
        if (distance < least) {
          least = distance;
          nearest = c;
        }
      }
      changed |= found.states[at(i)] != nearest;
      found.states[at(i)] = nearest;
      found.inertia += least;
      ++counts[at(nearest)];
      for (std::int64_t d = 0; d < dim; ++d) sums[at(nearest * dim + d)] += double{row[d]};
    }
    if (!changed) break;
    for (std::int64_t c = 0; c < options.k; ++c) {
      if (counts[at(c)] == 0) continue;
      for (std::int64_t d = 0; d < dim; ++d) {
        found.centres[at(c * dim + d)] =
            static_cast<float>(sums[at(c * dim + d)] / static_cast<double>(counts[at(c)]));
      }
    }
  }
  return found;
}

}  // namespace ebm::landscape
