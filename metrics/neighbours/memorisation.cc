#include "metrics/neighbours/memorisation.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "metrics/mann_whitney.h"
#include "metrics/neighbours/nearest_neighbours.h"

namespace ebm::metrics {
namespace {

/// The middle one, or the mean of the two in the middle.
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Memorisation memorisation(const FeatureView& train, const FeatureView& test,
                          const FeatureView& samples, int n_threads) {
  const NeighbourOptions options{.n_threads = n_threads};
  const std::vector<double> to_train = nearest_distances(samples, train, options);
  const std::vector<double> to_test = nearest_distances(samples, test, options);
  const std::vector<double> test_to_train = nearest_distances(test, train, options);
  const auto n_copies = std::count(to_train.begin(), to_train.end(), 0.0);
  Memorisation out{.median_to_train = median(to_train),
                   .median_to_test = median(to_test),
                   .mean_to_train = mean(to_train),
                   .mean_to_test = mean(to_test),
                   .median_ratio = 0.0,
                   .mean_ratio = 0.0,
                   .copy_share = static_cast<double>(n_copies) / static_cast<double>(samples.n()),
                   .z_score = mann_whitney({"sample-to-train distances", to_train},
                                           {"test-to-train distances", test_to_train})
                                  .z_score()};
  out.median_ratio = out.median_to_train / out.median_to_test;
  out.mean_ratio = out.mean_to_train / out.mean_to_test;
  return out;
}

}  // namespace ebm::metrics
