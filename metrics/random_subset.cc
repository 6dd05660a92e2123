#include "metrics/random_subset.h"

#include <numeric>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "base/require.h"

namespace ebm::metrics {

std::vector<std::int64_t> random_subset(std::int64_t n, std::int64_t size, std::uint64_t seed,
                                        std::uint64_t index, SubsetOf of) {
  base::require_at_least("n", n, 0);
  base::require_between("size", static_cast<double>(size), 0.0, static_cast<double>(n));
  base::RandomStream random({.seed = seed, .domain = base::Domain::kMetricSubset},
                            2 * index + static_cast<std::uint64_t>(of));
  // Fisher and Yates, as far as wanted.
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  for (std::int64_t i = 0; i < size; ++i) {
    const auto j = static_cast<std::int64_t>(random.next_below(static_cast<std::uint64_t>(n - i)));
    std::swap(rows[static_cast<std::size_t>(i)], rows[static_cast<std::size_t>(i + j)]);
  }
  rows.resize(static_cast<std::size_t>(size));
  return rows;
}

void require_subset_size(const std::string& name, std::int64_t size, std::int64_t least,
                         const FeatureView& reference, const FeatureView& samples) {
  base::require_at_least(name, size, least);
  for (const FeatureView* set : {&reference, &samples}) {
    if (size <= set->n()) continue;
    throw Error(ErrorCode::kUsage, name + " = " + std::to_string(size) +
                                       ": must be at most the rows of " + set->name() + ", " +
                                       std::to_string(set->n()));
  }
}

}  // namespace ebm::metrics
