#include "metrics/kid.h"

#include <Eigen/Core>
#include <algorithm>
#include <utility>

#include "base/parallel.h"
#include "base/require.h"
#include "metrics/mean_and_sd.h"
#include "metrics/random_subset.h"

namespace ebm::metrics {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kBlock = 256;  // rows and columns of a kernel matrix at a time

/// Rows of a set that are chosen by index.
struct Subset {
  const FeatureView& set;
  std::vector<std::int64_t> rows;

  std::int64_t n_blocks() const { return (std::ssize(rows) + kBlock - 1) / kBlock; }
  Rows block(std::int64_t index) const {
    const std::int64_t first = index * kBlock;
    Rows out(std::min(kBlock, std::ssize(rows) - first), set.d());
    for (std::int64_t i = 0; i < out.rows(); ++i) {
      const float* row = set.row(rows[static_cast<std::size_t>(first + i)]);
      for (std::int64_t k = 0; k < out.cols(); ++k) out(i, k) = static_cast<double>(row[k]);
    }
    return out;
  }
};

Rows kernel(const Rows& x, const Rows& y) {
  Rows out = x * y.transpose();
  out = ((out.array() / static_cast<double>(x.cols())) + 1.0).cube().matrix();
  return out;
}

/// Σ_{i≠j} k(xᵢ, xⱼ) of one set. The kernel is symmetric: blocks above the diagonal count twice.
double sum_within(const Subset& x) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < x.n_blocks(); ++i) {
    const Rows rows = x.block(i);
    const Rows own = kernel(rows, rows);
    sum += own.sum() - own.trace();
    for (std::int64_t j = i + 1; j < x.n_blocks(); ++j) sum += 2.0 * kernel(rows, x.block(j)).sum();
  }
  return sum;
}

double sum_between(const Subset& x, const Subset& y) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < x.n_blocks(); ++i) {
    const Rows rows = x.block(i);
    for (std::int64_t j = 0; j < y.n_blocks(); ++j) sum += kernel(rows, y.block(j)).sum();
  }
  return sum;
}

}  // namespace

Kid kid(const FeatureView& reference, const FeatureView& samples, const KidOptions& options) {
  require_equal_dim(reference, samples);
  base::require_at_least("n_subsets", options.n_subsets, 1);
  base::require_at_least("n_threads", options.n_threads, 1);
  require_subset_size("subset_size", options.subset_size, 2, reference, samples);
  std::vector<double> subsets(static_cast<std::size_t>(options.n_subsets));
  const auto m = static_cast<double>(options.subset_size);
  base::parallel_for(options.n_subsets, options.n_threads, [&](std::int64_t i) {
    const auto subset = [&](const FeatureView& set, SubsetOf of) {
      return Subset{set, random_subset(set.n(), options.subset_size, options.seed,
                                       static_cast<std::uint64_t>(i), of)};
    };
    const Subset x = subset(reference, SubsetOf::kReference);
    const Subset y = subset(samples, SubsetOf::kSamples);
    subsets[static_cast<std::size_t>(i)] =
        (sum_within(x) + sum_within(y)) / (m * (m - 1.0)) - 2.0 * sum_between(x, y) / (m * m);
  });
  const MeanAndSd spread = mean_and_sd(subsets);
  return {spread.mean, spread.sd, std::move(subsets)};
}

}  // namespace ebm::metrics
