#pragma once

#include <cstdint>
#include <vector>

#include "samplers/operators/linear_operator.h"

namespace ebm::samplers {

/// One weight of a row of a sparse matrix.
struct SparseEntry {
  std::int64_t column = 0;
  float weight = 0.0f;
};

/// A sparse matrix as a linear operator: what most operators on images are.
class SparseOperator : public LinearOperator {
 public:
  /// @param dim   columns of the matrix
  /// @param rows  its rows; entries of one column add up
  /// @throws Error(kUsage) for a column outside 0, ..., dim − 1, a weight that is not finite, or if
  ///         there are no rows.
  SparseOperator(std::int64_t dim, const std::vector<std::vector<SparseEntry>>& rows);
  std::int64_t dim() const override { return adjoint_.n_rows(); }
  std::int64_t output_dim() const override { return matrix_.n_rows(); }
  void apply(const float* x, float* y, float* scratch) const override;
  void adjoint(const float* r, float* g, float* scratch) const override;

  /// Rows one after the other.
  struct Compressed {
    std::vector<std::int64_t> begin = {0};  ///< of each row in `entries`, and the end
    std::vector<SparseEntry> entries;

    std::int64_t n_rows() const { return static_cast<std::int64_t>(begin.size()) - 1; }
  };

 private:
  Compressed matrix_, adjoint_;
};

}  // namespace ebm::samplers
