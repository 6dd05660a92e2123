#include "samplers/operators/projection.h"

#include <utility>
#include <vector>

#include "base/require.h"
#include "samplers/chain_block.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/operators/projection.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

// kRows rows of a product, so that every number of x is loaded once for all of them.
template <int kRows>
HWY_INLINE void product_rows(const float* matrix, std::int64_t n_columns, const float* x,
                             float* y) {
  Lanes sum[kRows];
  for (Lanes& each : sum) each = all_lanes(0.0f);
  for (std::int64_t column = 0; column < n_columns; ++column) {
    const Lanes value = load_lanes(x + column * kLanes);
#pragma GCC unroll 8
    for (int row = 0; row < kRows; ++row) {
      sum[row] = mul_add(all_lanes(matrix[row * n_columns + column]), value, sum[row]);
    }
  }
  for (int row = 0; row < kRows; ++row) store_lanes(sum[row], y + row * kLanes);
}

// y = M x, M [n_rows, n_columns].
void dense_product(const float* matrix, std::int64_t n_rows, std::int64_t n_columns, const float* x,
                   float* y) {
  constexpr int kTile = kRegisters == 1 ? 8 : 4;
  std::int64_t row = 0;
  for (; row + kTile <= n_rows; row += kTile) {
    product_rows<kTile>(matrix + row * n_columns, n_columns, x, y + row * kLanes);
  }
  for (; row < n_rows; ++row) {
    product_rows<1>(matrix + row * n_columns, n_columns, x, y + row * kLanes);
  }
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(dense_product);
namespace {

class Projection : public LinearOperator {
 public:
  Projection(std::int64_t m, std::int64_t dim, std::span<const float> matrix)
      : m_(m), dim_(dim), matrix_(matrix.begin(), matrix.end()), transposed_(matrix.size()) {
    for (std::int64_t row = 0; row < m; ++row) {
      for (std::int64_t column = 0; column < dim; ++column) {
        transposed_[static_cast<std::size_t>(column * m + row)] =
            matrix[static_cast<std::size_t>(row * dim + column)];
      }
    }
  }
  std::int64_t dim() const override { return dim_; }
  std::int64_t output_dim() const override { return m_; }
  void apply(const float* x, float* y, float* /*scratch*/) const override {
    HWY_DYNAMIC_DISPATCH(dense_product)(matrix_.data(), m_, dim_, x, y);
  }
  void adjoint(const float* r, float* g, float* /*scratch*/) const override {
    HWY_DYNAMIC_DISPATCH(dense_product)(transposed_.data(), dim_, m_, r, g);
  }

 private:
  std::int64_t m_, dim_;
  std::vector<float> matrix_, transposed_;
};

}  // namespace

std::shared_ptr<const LinearOperator> projection_operator(std::int64_t m, std::int64_t dim,
                                                          std::span<const float> matrix) {
  base::require_at_least("m", m, 1);
  base::require_at_least("dim", dim, 1);
  require_size(matrix.size(), m * dim, "the matrix of a projection");
  base::require_finite("projection", matrix);
  return std::make_shared<Projection>(m, dim, matrix);
}

}  // namespace ebm::samplers
#endif
