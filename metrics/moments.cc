#include "metrics/moments.h"

#include <Eigen/Core>
#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/parallel.h"
#include "base/require.h"

namespace ebm::metrics {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::int64_t kChunk = 1024;  // rows in double precision at a time
constexpr std::int64_t kColumns = 64;  // of the covariance that one task adds to

}  // namespace

Moments moments_of(const FeatureView& set, std::span<const std::int64_t> rows, int n_threads) {
  base::require_at_least("n_threads", n_threads, 1);
  const std::int64_t n = rows.empty() ? set.n() : std::ssize(rows), d = set.d();
  if (n < 2) {
    throw Error(ErrorCode::kShape, set.name() + " have " + std::to_string(n) +
                                       " rows: must be at least 2 for a covariance");
  }
  const auto row = [&](std::int64_t i) {
    return set.row(rows.empty() ? i : rows[static_cast<std::size_t>(i)]);
  };
  Moments out{n, d, std::vector<double>(static_cast<std::size_t>(d)),
              std::vector<double>(static_cast<std::size_t>(d * d))};
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t k = 0; k < d; ++k) {
      out.mean[static_cast<std::size_t>(k)] += static_cast<double>(row(i)[k]);
    }
  }
  for (double& value : out.mean) value /= static_cast<double>(n);

  Eigen::Map<Rows> covariance(out.covariance.data(), d, d);
  Rows centred(std::min(n, kChunk), d);
  for (std::int64_t first = 0; first < n; first += kChunk) {
    const std::int64_t n_rows = std::min(kChunk, n - first);
    for (std::int64_t i = 0; i < n_rows; ++i) {
      for (std::int64_t k = 0; k < d; ++k) {
        centred(i, k) =
            static_cast<double>(row(first + i)[k]) - out.mean[static_cast<std::size_t>(k)];
      }
    }
    // The part on and below the diagonal, by columns.
    base::parallel_for((d + kColumns - 1) / kColumns, n_threads, [&](std::int64_t task) {
      const std::int64_t left = task * kColumns, width = std::min(kColumns, d - left);
      covariance.block(left, left, d - left, width).noalias() +=
          centred.block(0, left, n_rows, d - left).transpose() *
          centred.block(0, left, n_rows, width);
    });
  }
  for (std::int64_t i = 0; i < d; ++i) {
    for (std::int64_t k = 0; k <= i; ++k) {
      covariance(i, k) /= static_cast<double>(n - 1);
      covariance(k, i) = covariance(i, k);
    }
  }
  return out;
}

}  // namespace ebm::metrics
