#include "metrics/frechet_distance.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"

namespace ebm::metrics {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Eigen::Map<const Matrix> covariance_of(const Moments& moments) {
  base::require_size("mean", moments.mean.size(), moments.d, "d");
  base::require_size("covariance", moments.covariance.size(), moments.d * moments.d, "d·d");
  return {moments.covariance.data(), moments.d, moments.d};
}

/// An F with F·Fᵀ = `matrix`.
Matrix factor_of(const std::string& name, const Matrix& matrix) {
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(matrix);
  if (eigen.info() != Eigen::Success) {
    throw Error(ErrorCode::kBadData, "the eigenvalues of the covariance of " + name +
                                         " were not found: its elements must be finite");
  }
  const Vector& values = eigen.eigenvalues();  // rising
  const double least = values(0), rounding = 1e-10 * values(values.size() - 1);
  if (!(least >= -rounding)) {
    throw Error(ErrorCode::kBadData, "the covariance of " + name + " has the eigenvalue " +
                                         base::number_text(least) + ": none may be negative");
  }
  // A zero eigenvalue comes out as a tiny number of either sign.
  const Vector roots = values.cwiseMax(0.0).cwiseSqrt();
  return eigen.eigenvectors() * roots.asDiagonal();
}

/// tr((AB)^½) of A = F·Fᵀ and B = G·Gᵀ: the sum of the singular values of FᵀG. They are the largest
/// eigenvalues of [0 M; Mᵀ 0] for M = FᵀG (Golub and Kahan 1965), to full precision also where
/// those of AB, their squares, would have lost half of the digits.
double root_trace_of(const Matrix& f, const Matrix& g) {
  const Eigen::Index d = f.rows();
  Matrix both = Matrix::Zero(2 * d, 2 * d);
  both.bottomLeftCorner(d, d) = f.transpose() * g;  // only the lower half is read
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(both, Eigen::EigenvaluesOnly);
  if (eigen.info() != Eigen::Success) {
    throw Error(ErrorCode::kInternal, "the singular values of two covariances were not found");
  }
  return eigen.eigenvalues().tail(d).sum();
}

}  // namespace

FrechetDistance frechet_distance(const Moments& reference, const Moments& samples) {
  if (reference.d != samples.d) {
    throw Error(ErrorCode::kShape, "moments of " + std::to_string(samples.d) +
                                       " columns: must be as many as of the reference, " +
                                       std::to_string(reference.d));
  }
  const auto first = covariance_of(reference), second = covariance_of(samples);
  const double root_trace =
      root_trace_of(factor_of("the reference", first), factor_of("samples", second));
  const Eigen::Map<const Vector> mean(reference.mean.data(), reference.d);
  const Eigen::Map<const Vector> other_mean(samples.mean.data(), samples.d);
  FrechetDistance out{
      .value = 0.0,
      .mean_term = (mean - other_mean).squaredNorm(),
      .covariance_term = (first.trace() - root_trace) + (second.trace() - root_trace),
      .is_rank_deficient = reference.is_rank_deficient() || samples.is_rank_deficient()};
  out.value = out.mean_term + out.covariance_term;
  return out;
}

FrechetDistance frechet_distance(const FeatureView& reference, const FeatureView& samples,
                                 int n_threads) {
  require_equal_dim(reference, samples);
  return frechet_distance(moments_of(reference, {}, n_threads), moments_of(samples, {}, n_threads));
}

}  // namespace ebm::metrics
