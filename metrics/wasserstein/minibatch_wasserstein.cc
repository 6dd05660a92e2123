#include "metrics/wasserstein/minibatch_wasserstein.h"

#include <utility>

#include "base/parallel.h"
#include "base/require.h"
#include "metrics/mean_and_sd.h"
#include "metrics/random_subset.h"
#include "metrics/wasserstein/optimal_transport.h"

namespace ebm::metrics {
namespace {

std::vector<float> gather(const FeatureView& set, const std::vector<std::int64_t>& rows) {
  std::vector<float> out;
  out.reserve(rows.size() * static_cast<std::size_t>(set.d()));
  for (const std::int64_t i : rows) out.insert(out.end(), set.row(i), set.row(i) + set.d());
  return out;
}

}  // namespace

MinibatchWasserstein minibatch_wasserstein(const FeatureView& reference, const FeatureView& samples,
                                           const MinibatchWassersteinOptions& options) {
  require_equal_dim(reference, samples);
  base::require_at_least("n_batches", options.n_batches, 1);
  base::require_at_least("n_threads", options.n_threads, 1);
  require_subset_size("batch_size", options.batch_size, 1, reference, samples);
  std::vector<double> batches(static_cast<std::size_t>(options.n_batches));
  base::parallel_for(options.n_batches, options.n_threads, [&](std::int64_t i) {
    const auto draw = [&](const FeatureView& set, SubsetOf of) {
      return gather(set, random_subset(set.n(), options.batch_size, options.seed,
                                       static_cast<std::uint64_t>(i), of));
    };
    const std::vector<float> x = draw(reference, SubsetOf::kReference);
    const std::vector<float> y = draw(samples, SubsetOf::kSamples);
    batches[static_cast<std::size_t>(i)] =
        wasserstein_exact(FeatureView(x, options.batch_size, reference.d(), reference.name()),
                          FeatureView(y, options.batch_size, samples.d(), samples.name()));
  });
  const MeanAndSd spread = mean_and_sd(batches);
  return {spread.mean, spread.sd, std::move(batches)};
}

}  // namespace ebm::metrics
