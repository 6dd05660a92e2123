#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ebm::metrics {

/// A read-only view of a feature matrix: values [n, d], one item per row, float32. All values are
/// finite: the constructor checks it, so that no metric has to.
class FeatureView {
 public:
  /// @param name  of the set in messages, e.g. "samples"
  /// @throws Error(kShape) if values.size() is not n·d or n < 1, or d is not from 1 to kMaxDim;
  ///         Error(kBadData) naming the first value that is not finite.
  FeatureView(std::span<const float> values, std::int64_t n, std::int64_t d,
              std::string name = "features");

  std::int64_t n() const { return n_; }
  std::int64_t d() const { return d_; }
  const std::string& name() const { return name_; }
  std::span<const float> values() const { return values_; }
  const float* row(std::int64_t i) const { return values_.data() + i * d_; }

  /// The error bound of float32 products (distance_tiles.h) holds up to here.
  static constexpr std::int64_t kMaxDim = std::int64_t{1} << 22;

 private:
  std::span<const float> values_;
  std::int64_t n_;
  std::int64_t d_;
  std::string name_;
};

/// @throws Error(kShape) naming both sets and their widths, unless these are equal.
void require_equal_dim(const FeatureView& a, const FeatureView& b);

/// @throws Error(kShape) naming the set, unless it has at least `least` rows, needed for `what`.
void require_rows(const FeatureView& set, std::int64_t least, const std::string& what);

/// The mean of every column in double precision. [d]
std::vector<double> column_means(const FeatureView& set);

}  // namespace ebm::metrics
