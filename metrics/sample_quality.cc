#include "metrics/sample_quality.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "metrics/frechet_distance.h"
#include "metrics/frechet_extrapolation.h"
#include "metrics/kid.h"
#include "metrics/neighbours/density_coverage.h"
#include "metrics/neighbours/precision_recall.h"

namespace ebm::metrics {
namespace {

constexpr std::int64_t kMaxKidRows = 1000;

}  // namespace

SampleQuality sample_quality(const SeenSet& reference, const SeenSet& samples,
                             const SampleQualityOptions& options) {
  const FeatureView& data = reference.features;
  const FeatureView& drawn = samples.features;
  require_equal_dim(data, drawn);
  require_rows(drawn, 6, "density and coverage");
  if (data.n() != drawn.n()) {
    throw Error(ErrorCode::kShape, data.name() + " has " + std::to_string(data.n()) + " rows and " +
                                       drawn.name() + " " + std::to_string(drawn.n()) +
                                       "; expected as many of both");
  }
  SampleQuality out;
  out.n = drawn.n();
  const int n_threads = options.n_threads;
  const FrechetDistance fd = frechet_distance(data, drawn, n_threads);
  // Both sets shrink, as the reference has a bias of its own: real data then come to about 0.
  // A tenth of the rows, or as many as a covariance takes if half of them are enough for that.
  std::int64_t least = out.n / 10;
  if (least <= data.d() && data.d() + 1 <= out.n / 2) least = data.d() + 1;
  const FrechetExtrapolation line = frechet_extrapolation(
      data, drawn,
      {.min_size = least, .shrink_reference = true, .seed = options.seed, .n_threads = n_threads});
  out.fd = fd.value;
  out.fd_infinity = line.at_infinity;
  out.is_fd_reliable = !fd.is_rank_deficient;
  out.is_fd_infinity_reliable = !line.is_rank_deficient;
  const Kid kernel =
      kid(data, drawn,
          {.subset_size = std::max<std::int64_t>(2, std::min(kMaxKidRows, out.n / 2)),
           .seed = options.seed,
           .n_threads = n_threads});
  out.kid = kernel.mean;
  out.kid_sd = kernel.sd;
  const PrecisionRecall pr = precision_recall(data, drawn, {.n_threads = n_threads});
  out.precision = pr.precision;
  out.recall = pr.recall;
  const DensityCoverage dc = density_coverage(data, drawn, {.n_threads = n_threads});
  out.density = dc.density;
  out.coverage = dc.coverage;
  out.two_sample_1nn = two_sample_1nn(data, drawn, n_threads);
  if (options.n_classes > 0) {
    const ClassHistogram of_data = class_histogram(reference.classes, options.n_classes);
    out.classes = class_histogram(samples.classes, options.n_classes, of_data.counts);
  }
  return out;
}

}  // namespace ebm::metrics
