#include "metrics/features.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::metrics {

FeatureView::FeatureView(std::span<const float> values, std::int64_t n, std::int64_t d,
                         std::string name)
    : values_(values), n_(n), d_(d), name_(std::move(name)) {
  const std::string shape = "[" + std::to_string(n) + ", " + std::to_string(d) + "]";
  if (n < 1 || d < 1 || d > kMaxDim) {
    throw Error(ErrorCode::kShape, name_ + " " + shape +
                                       ": must have at least one row, and from 1 to " +
                                       std::to_string(kMaxDim) + " columns");
  }
  if (std::ssize(values) / d != n || std::ssize(values) % d != 0) {
    throw Error(ErrorCode::kShape, name_ + " " + shape + " hold " + std::to_string(values.size()) +
                                       " values: must be n times d");
  }
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    const float value = values[static_cast<std::size_t>(i)];
    if (!std::isfinite(value)) {
      throw Error(ErrorCode::kBadData, name_ + "[" + std::to_string(i / d) + ", " +
                                           std::to_string(i % d) +
                                           "] = " + base::number_text(value) + ": must be finite");
    }
  }
}

void require_equal_dim(const FeatureView& a, const FeatureView& b) {
  if (a.d() == b.d()) return;
  throw Error(ErrorCode::kShape, b.name() + " have " + std::to_string(b.d()) +
                                     " columns: must be as many as " + a.name() + ", " +
                                     std::to_string(a.d()));
}

void require_rows(const FeatureView& set, std::int64_t least, const std::string& what) {
  if (set.n() >= least) return;
  throw Error(ErrorCode::kShape, set.name() + " have " + std::to_string(set.n()) +
                                     " rows: must be at least " + std::to_string(least) + " for " +
                                     what);
}

std::vector<double> column_means(const FeatureView& set) {
  std::vector<double> mean(static_cast<std::size_t>(set.d()));
  for (std::int64_t i = 0; i < set.n(); ++i) {
    const float* row = set.row(i);
    for (std::size_t j = 0; j < mean.size(); ++j) mean[j] += static_cast<double>(row[j]);
  }
  for (double& value : mean) value /= static_cast<double>(set.n());
  return mean;
}

}  // namespace ebm::metrics
