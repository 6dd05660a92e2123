#include "samplers/operators/sparse_operator.h"

#include "base/require.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/operators/sparse_operator.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void sparse_product(const SparseOperator::Compressed& matrix, const float* x, float* y) {
  const SparseEntry* entry = matrix.entries.data();
  for (std::int64_t row = 0; row < matrix.n_rows(); ++row) {
    const SparseEntry* end =
        matrix.entries.data() + matrix.begin[static_cast<std::size_t>(row) + 1];
    Lanes sum = all_lanes(0.0f);
    for (; entry != end; ++entry) {
      sum = mul_add(all_lanes(entry->weight), load_lanes(x + entry->column * kLanes), sum);
    }
    store_lanes(sum, y + row * kLanes);
  }
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(sparse_product);
namespace {

void add_row(const std::vector<SparseEntry>& row, SparseOperator::Compressed& matrix) {
  matrix.entries.insert(matrix.entries.end(), row.begin(), row.end());
  matrix.begin.push_back(static_cast<std::int64_t>(matrix.entries.size()));
}

}  // namespace

SparseOperator::SparseOperator(std::int64_t dim,
                               const std::vector<std::vector<SparseEntry>>& rows) {
  base::require_at_least("dim", dim, 1);
  base::require_at_least("number of rows", static_cast<std::int64_t>(rows.size()), 1);
  std::vector<std::vector<SparseEntry>> columns(static_cast<std::size_t>(dim));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (const SparseEntry& entry : rows[row]) {
      base::require_between("column", static_cast<double>(entry.column), 0.0,
                            static_cast<double>(dim - 1));
      base::require_finite("weight", double{entry.weight});
      columns[static_cast<std::size_t>(entry.column)].push_back(
          {static_cast<std::int64_t>(row), entry.weight});
    }
    add_row(rows[row], matrix_);
  }
  for (const auto& column : columns) add_row(column, adjoint_);
}

void SparseOperator::apply(const float* x, float* y, float* /*scratch*/) const {
  HWY_DYNAMIC_DISPATCH(sparse_product)(matrix_, x, y);
}

void SparseOperator::adjoint(const float* r, float* g, float* /*scratch*/) const {
  HWY_DYNAMIC_DISPATCH(sparse_product)(adjoint_, r, g);
}

}  // namespace ebm::samplers
#endif
