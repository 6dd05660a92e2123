#include "evaluation/classification/class_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "base/require.h"

namespace ebm::evaluation {
namespace {

/// Of (c/T)², and as little to the diagonal of the Hessian, as all c may move together.
constexpr double kRidge = 1e-6;
constexpr int kSteps = 100, kHalvings = 40;
/// Of the gradient.
constexpr double kTolerance = 1e-10;
/// A mean cross-entropy that only items have which are all told apart, the better the smaller T is:
/// a single one that is not adds at least ln 2/n.
constexpr double kToldApart = 1e-8;

/// Mean cross-entropy at θ = (β, b), logits −β·e_k + b_k, and its derivatives.
struct Fit {
  Eigen::MatrixXd energies;  ///< [n, k], in units of their spread
  std::span<const std::int32_t> labels;

  double loss(const Eigen::VectorXd& theta) const {
    const auto n = energies.rows();
    double sum = 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
      const Eigen::VectorXd z = logits(theta, i);
      const double largest = z.maxCoeff();
      sum += largest + std::log((z.array() - largest).exp().sum()) - z(label(i));
    }
    return sum / static_cast<double>(n) + 0.5 * kRidge * theta.tail(energies.cols()).squaredNorm();
  }

  void derivatives(const Eigen::VectorXd& theta, Eigen::VectorXd& gradient,
                   Eigen::MatrixXd& hessian) const {
    const auto n = energies.rows(), k = energies.cols();
    gradient = Eigen::VectorXd::Zero(k + 1);
    hessian = Eigen::MatrixXd::Zero(k + 1, k + 1);
    const double share = 1.0 / static_cast<double>(n);
    Eigen::VectorXd mean_feature(k + 1);
    for (Eigen::Index i = 0; i < n; ++i) {
      Eigen::VectorXd p = logits(theta, i);
      p = (p.array() - p.maxCoeff()).exp();
      p /= p.sum();
      const Eigen::VectorXd e = energies.row(i).transpose();
      const Eigen::VectorXd pe = p.cwiseProduct(e);
      mean_feature << -pe.sum(), p;
      gradient += share * mean_feature;
      gradient(0) += share * e(label(i));
      gradient(label(i) + 1) -= share;
      hessian(0, 0) += share * pe.dot(e);
      hessian.col(0).tail(k) -= share * pe;
      hessian.row(0).tail(k) -= share * pe.transpose();
      hessian.diagonal().tail(k) += share * p;
      hessian -= share * mean_feature * mean_feature.transpose();
    }
    gradient.tail(k) += kRidge * theta.tail(k);
    hessian.diagonal().array() += kRidge;
  }

 private:
  Eigen::Index label(Eigen::Index i) const { return labels[static_cast<std::size_t>(i)]; }
  Eigen::VectorXd logits(const Eigen::VectorXd& theta, Eigen::Index i) const {
    return theta.tail(energies.cols()) - theta(0) * energies.row(i).transpose();
  }
};

}  // namespace

std::optional<ClassFit> fit_classes(std::span<const float> energies, std::int64_t n_classes,
                                    std::span<const std::int32_t> labels) {
  base::require_at_least("items", static_cast<std::int64_t>(labels.size()), 1);
  base::require_size("energies", energies.size(),
                     static_cast<std::int64_t>(labels.size()) * n_classes,
                     "one for each label and class");
  for (const std::int32_t label : labels) {
    base::require_between("label", label, 0, static_cast<double>(n_classes - 1));
  }
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Rows> given(energies.data(), std::ssize(labels), n_classes);
  Fit fit{.energies = given.cast<double>(), .labels = labels};
  const Eigen::VectorXd means = fit.energies.rowwise().mean();
  fit.energies.colwise() -= means;  // what all classes share cancels
  const double spread =
      std::sqrt(fit.energies.squaredNorm() / static_cast<double>(energies.size()));
  if (!(spread > 0.0)) return std::nullopt;
  fit.energies /= spread;

  Eigen::VectorXd theta = Eigen::VectorXd::Zero(n_classes + 1), gradient;
  theta(0) = 1.0;
  Eigen::MatrixXd hessian;
  double loss = fit.loss(theta);
  for (int step = 0; step < kSteps; ++step) {
    fit.derivatives(theta, gradient, hessian);
    if (gradient.norm() < kTolerance) break;
    const Eigen::VectorXd move = hessian.ldlt().solve(gradient);
    double length = 1.0, lower = fit.loss(theta - move);
    for (int i = 0; i < kHalvings && !(lower < loss); ++i) {
      length /= 2.0;
      lower = fit.loss(theta - length * move);
    }
    if (!(lower < loss)) break;  // as low as rounding lets it be
    theta -= length * move;
    loss = lower;
    if (loss - 0.5 * kRidge * theta.tail(n_classes).squaredNorm() < kToldApart) return std::nullopt;
  }
  if (!(theta(0) > 0.0) || gradient.norm() > 1e-4) return std::nullopt;
  const double temperature = spread / theta(0);
  const Eigen::VectorXd offsets =
      -temperature * (theta.tail(n_classes).array() - theta.tail(n_classes).mean());
  ClassFit found{.temperature = temperature, .offsets = {}};
  for (const double offset : offsets) found.offsets.push_back(static_cast<float>(offset));
  return found;
}

}  // namespace ebm::evaluation
