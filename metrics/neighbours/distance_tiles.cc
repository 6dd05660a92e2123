#include "metrics/neighbours/distance_tiles.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace ebm::metrics {
namespace {

using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Stride = Eigen::OuterStride<>;

double largest_offset(const FeatureView& set, const std::vector<double>& mean) {
  double largest = 0.0;
  for (std::int64_t i = 0; i < set.n(); ++i) {
    const float* row = set.row(i);
    for (std::size_t k = 0; k < mean.size(); ++k) {
      largest = std::max(largest, std::abs(static_cast<double>(row[k]) - mean[k]));
    }
  }
  return largest;
}

/// (set − mean)·scale in float32, and the squared norms of the rows as rounded.
void shift(const FeatureView& set, const std::vector<double>& mean, double scale,
           std::vector<float>& copies, std::vector<double>& norms) {
  copies.resize(set.values().size());
  norms.resize(static_cast<std::size_t>(set.n()));
  for (std::int64_t i = 0; i < set.n(); ++i) {
    const float* row = set.row(i);
    float* copy = copies.data() + i * set.d();
    double norm = 0.0;
    for (std::size_t k = 0; k < mean.size(); ++k) {
      copy[k] = static_cast<float>((static_cast<double>(row[k]) - mean[k]) * scale);
      norm += static_cast<double>(copy[k]) * static_cast<double>(copy[k]);
    }
    norms[static_cast<std::size_t>(i)] = norm;
  }
}

}  // namespace

double squared_distance(const float* x, const float* y, std::int64_t d) {
  double sum = 0.0;
  for (std::int64_t k = 0; k < d; ++k) {
    const double difference = static_cast<double>(x[k]) - static_cast<double>(y[k]);
    sum += difference * difference;
  }
  return sum;
}

DistanceTiles::DistanceTiles(const FeatureView& queries, const FeatureView& points)
    : queries_(queries),
      points_(points),
      slack_(2.0 * static_cast<double>(queries.d() + 32) * 0x1p-24) {
  require_equal_dim(points, queries);
  const std::vector<double> mean = column_means(points);
  const double largest = std::max(largest_offset(queries, mean), largest_offset(points, mean));
  // A power of two, so that scaling rounds nothing.
  const int exponent = largest > 0.0 ? -std::ilogb(largest) - 1 : 0;
  const double scale = std::ldexp(1.0, exponent);
  to_feature_units_ = std::ldexp(1.0, -2 * exponent);
  shift(queries, mean, scale, query_copies_, query_norms_);
  shift(points, mean, scale, point_copies_, point_norms_);
}

void DistanceTiles::multiply(std::int64_t first_query, std::int64_t n_queries,
                             std::int64_t first_point, std::int64_t n_points,
                             float* products) const {
  const std::int64_t d = queries_.d();
  const Eigen::Map<const FloatRows> x(query_copies_.data() + first_query * d, n_queries, d);
  const Eigen::Map<const FloatRows> y(point_copies_.data() + first_point * d, n_points, d);
  Eigen::Map<FloatRows, 0, Stride> out(products, n_queries, n_points, Stride(kPoints));
  out.noalias() = x * y.transpose();
}

}  // namespace ebm::metrics
