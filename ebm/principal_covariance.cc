#include "ebm/principal_covariance.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>

namespace ebm {

std::vector<double> principal_covariance(std::span<const double> covariance, std::int64_t d,
                                         double ridge) {
  Eigen::setNbThreads(1);  // the order of sums must not depend on the number of cores
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      Eigen::Map<const Eigen::MatrixXd>(covariance.data(), d, d));
  const Eigen::VectorXd& rising = solver.eigenvalues();
  const double mean = rising.mean();
  const auto n_nonzero = (rising.array() > ridge).count(),
             n_large = (rising.array() > mean).count();
  const Eigen::Index k = std::min(n_large, n_nonzero / 2);
  const double rest = rising.head(d - k).cwiseMax(0.0).mean();
  Eigen::MatrixXd result = rest * Eigen::MatrixXd::Identity(d, d);
  if (k > 0) {  // Eigen divides by zero for no columns
    const Eigen::MatrixXd kept = solver.eigenvectors().rightCols(k) *
                                 (rising.tail(k).array() - rest).sqrt().matrix().asDiagonal();
    result.selfadjointView<Eigen::Lower>().rankUpdate(kept);
  }
  result.triangularView<Eigen::StrictlyUpper>() = result.transpose();
  return {result.data(), result.data() + result.size()};
}

}  // namespace ebm
