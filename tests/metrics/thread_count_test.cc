// The same bits for any number of threads, of every metric that has threads.

#include <gtest/gtest.h>

#include <string>

#include "metrics/frechet_distance.h"
#include "metrics/frechet_extrapolation.h"
#include "metrics/input_complexity.h"
#include "metrics/kid.h"
#include "metrics/neighbours/density_coverage.h"
#include "metrics/neighbours/memorisation.h"
#include "metrics/neighbours/nearest_neighbours.h"
#include "metrics/neighbours/precision_recall.h"
#include "metrics/neighbours/two_sample_1nn.h"
#include "metrics/wasserstein/minibatch_wasserstein.h"
#include "metrics/wasserstein/sliced_wasserstein.h"
#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

using Values = std::vector<double>;

Values all_figures(const FeatureView& x, const FeatureView& y, int n_threads) {
  Values out = nearest_neighbours(x, y, {.k = 4, .n_threads = n_threads}).squared_distances;
  const auto add = [&](const Values& values) {
    out.insert(out.end(), values.begin(), values.end());
  };
  const auto pr = precision_recall(x, y, {.n_threads = n_threads});
  const auto dc = density_coverage(x, y, {.n_threads = n_threads});
  add({pr.precision, pr.recall, dc.density, dc.coverage});
  add({two_sample_1nn(x, y, n_threads).accuracy});
  const auto memory = memorisation(x, y, y, n_threads);
  add({memory.mean_to_train, memory.median_to_train});
  add(moments_of(x, {}, n_threads).covariance);
  add({frechet_distance(x, y, n_threads).value});
  add(frechet_extrapolation(x, y, {.n_threads = n_threads}).distances);
  add(kid(x, y, {.n_subsets = 9, .subset_size = 300, .n_threads = n_threads}).subsets);
  add(minibatch_wasserstein(x, y, {.n_batches = 5, .batch_size = 40, .n_threads = n_threads})
          .batches);
  add({sliced_wasserstein(x, y, {.n_projections = 9, .n_threads = n_threads}).value});
  const std::vector<std::uint8_t> images(400, 3);
  add(input_complexity(images, 4, 100, n_threads));
  return out;
}

TEST(ThreadCountTest, ChangesNoBit) {
  const Features x = lcg_features(1300, 70, 1), y = lcg_features(700, 70, 2, 1.1f);
  const Values one = all_figures(x.view(), y.view(), 1);
  for (const int n_threads : {2, 3, 7}) {
    EXPECT_EQ(all_figures(x.view(), y.view(), n_threads), one) << n_threads;
  }
}

}  // namespace
}  // namespace ebm::metrics
