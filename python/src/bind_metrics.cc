#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <cstdint>
#include <string>

#include "base/error.h"
#include "metrics/auroc.h"
#include "metrics/frechet_distance.h"
#include "metrics/kid.h"
#include "metrics/neighbours/density_coverage.h"
#include "metrics/neighbours/precision_recall.h"
#include "metrics/neighbours/two_sample_1nn.h"
#include "metrics/wasserstein/optimal_transport.h"
#include "metrics/wasserstein/sliced_wasserstein.h"
#include "metrics/wasserstein/wasserstein_1d.h"
#include "python/src/arrays.h"
#include "python/src/bind.h"
#include "python/src/compute.h"

namespace ebm::python {
namespace {

metrics::FeatureView view_of(const Array& rows, const std::string& name) {
  if (rows.ndim() != 2) {
    throw Error(ErrorCode::kShape, name + " have " + std::to_string(rows.ndim()) +
                                       " axes; expected [items, features]");
  }
  return {values_of(rows), static_cast<std::int64_t>(rows.shape(0)),
          static_cast<std::int64_t>(rows.shape(1)), name};
}

double frechet(const Array& reference, const Array& samples, int n_threads) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  return compute([&] { return metrics::frechet_distance(a, b, n_threads).value; });
}

nb::tuple kernel_distance(const Array& reference, const Array& samples, std::int64_t n_subsets,
                          std::int64_t subset_size, std::uint64_t seed, int n_threads) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  const metrics::Kid found = compute([&] {
    return metrics::kid(
        a, b,
        {.n_subsets = n_subsets, .subset_size = subset_size, .seed = seed, .n_threads = n_threads});
  });
  return nb::make_tuple(found.mean, found.sd);
}

nb::tuple precision_recall(const Array& reference, const Array& samples, std::int64_t k,
                           int n_threads) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  const auto found =
      compute([&] { return metrics::precision_recall(a, b, {.k = k, .n_threads = n_threads}); });
  return nb::make_tuple(found.precision, found.recall);
}

nb::tuple density_coverage(const Array& reference, const Array& samples, std::int64_t k,
                           int n_threads) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  const auto found =
      compute([&] { return metrics::density_coverage(a, b, {.k = k, .n_threads = n_threads}); });
  return nb::make_tuple(found.density, found.coverage);
}

double two_sample_1nn(const Array& reference, const Array& samples, int n_threads) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  return compute([&] { return metrics::two_sample_1nn(a, b, n_threads).accuracy; });
}

double sliced(const Array& reference, const Array& samples, std::int64_t n_projections, double p,
              std::uint64_t seed, int n_threads) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  return compute([&] {
    return metrics::sliced_wasserstein(
               a, b, {.n_projections = n_projections, .p = p, .seed = seed, .n_threads = n_threads})
        .value;
  });
}

double exact(const Array& reference, const Array& samples) {
  const auto a = view_of(reference, "reference"), b = view_of(samples, "samples");
  return compute([&] { return metrics::wasserstein_exact(a, b); });
}

double one_dimensional(const Array& a, const Array& b, double p) {
  return metrics::wasserstein_1d(values_of(a), values_of(b), p);
}

double auroc(const Array& positives, const Array& negatives) {
  return metrics::auroc(values_of(positives), values_of(negatives));
}

}  // namespace

void bind_metrics(nb::module_& module) {
  module.def("frechet_distance", frechet);
  module.def("kid", kernel_distance);
  module.def("precision_recall", precision_recall);
  module.def("density_coverage", density_coverage);
  module.def("two_sample_1nn", two_sample_1nn);
  module.def("sliced_wasserstein", sliced);
  module.def("wasserstein_exact", exact);
  module.def("wasserstein_1d", one_dimensional);
  module.def("auroc", auroc);
}

}  // namespace ebm::python
