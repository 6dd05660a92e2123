#include "samplers/energies/gaussian.h"

#include <Eigen/Cholesky>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/block_evaluator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/energies/gaussian.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/matrix_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void gaussian_block(std::int64_t dim, const float* mean, const float* precision, const float* x,
                    float* offset, float* energy, float* grad) {
  for (std::int64_t d = 0; d < dim; ++d) {
    store_lanes(load_lanes(x + d * kLanes) - all_lanes(mean[d]), offset + d * kLanes);
  }
  // The matrix is symmetric.
  multiply_transposed(precision, dim, dim, offset, grad);
  Lanes sum = all_lanes(0.0f);
  for (std::int64_t d = 0; d < dim; ++d) {
    sum = mul_add(load_lanes(offset + d * kLanes), load_lanes(grad + d * kLanes), sum);
  }
  store_lanes(all_lanes(0.5f) * sum, energy);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(gaussian_block);
namespace {

using Matrix = Eigen::MatrixXd;

/// Checks sizes and symmetry. The average with the transpose is exactly symmetric.
Matrix symmetric_matrix(const std::string& name, std::span<const float> mean,
                        std::span<const double> values) {
  base::require_at_least("dim", static_cast<std::int64_t>(mean.size()), 1);
  base::require_finite("mean", mean);
  base::require_size(name, values.size(), mean.size() * mean.size(), "dim·dim");
  const auto dim = static_cast<Eigen::Index>(mean.size());
  for (const double value : values) base::require_finite("an element of " + name, value);
  const Eigen::Map<const Matrix> matrix(values.data(), dim, dim);
  Eigen::Index row = 0, column = 0;
  const double asymmetry = (matrix - matrix.transpose()).cwiseAbs().maxCoeff(&row, &column);
  if (asymmetry > 1e-6 * matrix.cwiseAbs().maxCoeff()) {
    throw Error(ErrorCode::kUsage,
                name + "[" + std::to_string(row) + ", " + std::to_string(column) + "] differs by " +
                    base::number_text(asymmetry) + " from its mirror: must be symmetric");
  }
  return 0.5 * (matrix + matrix.transpose());
}

Eigen::LLT<Matrix> cholesky(const std::string& name, const Matrix& matrix) {
  Eigen::LLT<Matrix> factor(matrix);
  if (factor.info() != Eigen::Success) {
    throw Error(ErrorCode::kUsage, name +
                                       " has an eigenvalue that is not positive: must be "
                                       "positive definite");
  }
  return factor;
}

double log_determinant(const Eigen::LLT<Matrix>& factor) {
  return 2.0 * factor.matrixLLT().diagonal().array().log().sum();
}

std::vector<float> rounded(const Matrix& matrix) {
  std::vector<float> values;
  for (const double value : matrix.reshaped()) values.push_back(static_cast<float>(value));
  return values;
}

double log_z_of(Eigen::Index dim, double log_det_covariance) {
  return 0.5 * (static_cast<double>(dim) * std::log(2.0 * std::numbers::pi) + log_det_covariance);
}

}  // namespace

Gaussian::Gaussian(std::vector<float> mean, std::vector<float> precision, double log_z)
    : mean_(std::move(mean)), precision_(std::move(precision)), log_z_(log_z) {}

Gaussian Gaussian::with_precision(std::vector<float> mean, std::span<const double> precision) {
  const Matrix matrix = symmetric_matrix("precision", mean, precision);
  const double log_det = log_determinant(cholesky("precision", matrix));
  return {std::move(mean), rounded(matrix), log_z_of(matrix.rows(), -log_det)};
}

Gaussian Gaussian::with_covariance(std::vector<float> mean, std::span<const double> covariance) {
  const Matrix matrix = symmetric_matrix("covariance", mean, covariance);
  const Eigen::LLT<Matrix> factor = cholesky("covariance", matrix);
  const Matrix inverse = factor.solve(Matrix::Identity(matrix.rows(), matrix.rows()));
  return {std::move(mean), rounded(0.5 * (inverse + inverse.transpose())),
          log_z_of(matrix.rows(), log_determinant(factor))};
}

std::unique_ptr<Evaluator> Gaussian::make_evaluator(std::int64_t) const {
  base::AlignedVector<float> offset(mean_.size() * kLanes);
  return make_block_evaluator(dim(), [this, offset = std::move(offset)](
                                         const float* x, float* energy, float* grad) mutable {
    HWY_DYNAMIC_DISPATCH(gaussian_block)
    (dim(), mean_.data(), precision_.data(), x, offset.data(), energy, grad);
  });
}

}  // namespace ebm::samplers
#endif
