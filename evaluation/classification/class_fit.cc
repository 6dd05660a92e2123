#include "evaluation/classification/class_fit.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/require.h"

namespace ebm::evaluation {
namespace {

/// Of (c/T)² and of the squares of how far weights of a class are from the mean.
constexpr double kRidge = 1e-6;
/// Of weights, which makes the Hessian regular where energies agree.
constexpr double kTinyRidge = 1e-11;
constexpr int kSteps = 100, kHalvings = 40;
/// Of the gradient.
constexpr double kTolerance = 1e-10;
/// A mean cross-entropy that only items have which are all told apart, the better the smaller T is:
/// a single one that is not adds at least ln 2/n.
constexpr double kToldApart = 1e-8;

/// Mean cross-entropy and its derivatives at θ, which has m = 1 + the number of energies for each
/// class k: β_lk and b_k of the logit −Σ_l β_lk·e_lk + b_k.
class Fit {
 public:
  /// @param energies  each [k, n], in units of its spread
  Fit(std::vector<Eigen::MatrixXd> energies, std::span<const std::int32_t> labels)
      : energies_(std::move(energies)),
        labels_(labels),
        n_classes_(energies_.front().rows()),
        m_(std::ssize(energies_) + 1),
        ridge_(Eigen::MatrixXd::Zero(n_classes_ * m_, n_classes_ * m_)) {
    for (Eigen::Index k = 0; k < n_classes_; ++k) {
      for (Eigen::Index l = 0; l + 1 < m_; ++l) {
        for (Eigen::Index j = 0; j < n_classes_; ++j) {
          ridge_(k * m_ + l, j * m_ + l) -= kRidge / static_cast<double>(n_classes_);
        }
        ridge_(k * m_ + l, k * m_ + l) += kRidge + kTinyRidge;
      }
      ridge_(k * m_ + m_ - 1, k * m_ + m_ - 1) = kRidge;
    }
  }

  double penalty(const Eigen::VectorXd& theta) const { return 0.5 * theta.dot(ridge_ * theta); }

  double loss(const Eigen::VectorXd& theta) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const Eigen::VectorXd z = logits(features_of(i), theta);
      const double largest = z.maxCoeff();
      sum += largest + std::log((z.array() - largest).exp().sum()) - z(labels_[i]);
    }
    return sum / static_cast<double>(labels_.size()) + penalty(theta);
  }

  void derivatives(const Eigen::VectorXd& theta, Eigen::VectorXd& gradient,
                   Eigen::MatrixXd& hessian) const {
    gradient = ridge_ * theta;
    hessian = ridge_;
    const double share = 1.0 / static_cast<double>(labels_.size());
    Eigen::VectorXd mean(theta.size());
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const Eigen::MatrixXd features = features_of(i);
      Eigen::VectorXd p = logits(features, theta);
      p = (p.array() - p.maxCoeff()).exp();
      p /= p.sum();
      for (Eigen::Index k = 0; k < n_classes_; ++k) {
        const auto own = features.col(k);
        mean.segment(k * m_, m_) = p(k) * own;
        hessian.block(k * m_, k * m_, m_, m_) += share * p(k) * own * own.transpose();
      }
      gradient += share * mean;
      gradient.segment(labels_[i] * m_, m_) -= share * features.col(labels_[i]);
      hessian.noalias() -= share * mean * mean.transpose();
    }
  }

 private:
  /// Of the logit of each class by its part of θ, [m, k].
  Eigen::MatrixXd features_of(std::size_t item) const {
    Eigen::MatrixXd features(m_, n_classes_);
    for (Eigen::Index l = 0; l + 1 < m_; ++l) {
      features.row(l) =
          -energies_[static_cast<std::size_t>(l)].col(static_cast<Eigen::Index>(item)).transpose();
    }
    features.row(m_ - 1).setOnes();
    return features;
  }

  Eigen::VectorXd logits(const Eigen::MatrixXd& features, const Eigen::VectorXd& theta) const {
    return features.cwiseProduct(theta.reshaped(m_, n_classes_)).colwise().sum().transpose();
  }

  std::vector<Eigen::MatrixXd> energies_;
  std::span<const std::int32_t> labels_;
  Eigen::Index n_classes_, m_;
  Eigen::MatrixXd ridge_;
};

/// Energies of every item with mean 0 over the classes, as what all share cancels, [k, n].
Eigen::MatrixXd centred(const std::vector<float>& energies, std::int64_t n_classes) {
  const Eigen::Map<const Eigen::MatrixXf> given(
      energies.data(), n_classes, static_cast<Eigen::Index>(energies.size()) / n_classes);
  Eigen::MatrixXd found = given.cast<double>();
  const Eigen::RowVectorXd means = found.colwise().mean();
  found.rowwise() -= means;
  return found;
}

}  // namespace

std::optional<ClassFit> fit_classes(std::span<const std::vector<float>> energies,
                                    std::int64_t n_classes, std::span<const std::int32_t> labels) {
  base::require_at_least("items", std::ssize(labels), 1);
  base::require_at_least("energies", std::ssize(energies), 1);
  for (const std::int32_t label : labels) {
    base::require_between("label", label, 0, static_cast<double>(n_classes - 1));
  }
  std::vector<Eigen::MatrixXd> scaled;
  std::vector<double> spreads;
  for (const std::vector<float>& each : energies) {
    base::require_size("energies", each.size(), std::ssize(labels) * n_classes,
                       "one for each label and class");
    scaled.push_back(centred(each, n_classes));
    const double spread = std::sqrt(scaled.back().squaredNorm() / static_cast<double>(each.size()));
    if (!(spread > 0.0)) return std::nullopt;
    scaled.back() /= spread;
    spreads.push_back(spread);
  }
  const Fit fit(std::move(scaled), labels);

  const auto n_energies = std::ssize(energies), m = n_energies + 1;
  Eigen::VectorXd theta = Eigen::VectorXd::Zero(n_classes * m), gradient;
  theta.reshaped(m, n_classes)
      .topRows(n_energies)
      .setConstant(1.0 / static_cast<double>(n_energies));
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
    if (loss - fit.penalty(theta) < kToldApart) return std::nullopt;
  }
  // w_lk/T, [n_classes] for each l.
  std::vector<Eigen::VectorXd> weights;
  double inverse_temperature = 0.0;
  for (Eigen::Index l = 0; l < n_energies; ++l) {
    weights.emplace_back(theta.reshaped(m, n_classes).row(l).transpose() /
                         spreads[static_cast<std::size_t>(l)]);
    inverse_temperature += weights.back().mean();
  }
  if (!(inverse_temperature > 0.0) || gradient.norm() > 1e-4) return std::nullopt;
  const double temperature = 1.0 / inverse_temperature;
  ClassFit found{.temperature = temperature, .weights = {}, .offsets = {}};
  for (const Eigen::VectorXd& each : weights) {
    for (const double w : each) found.weights.push_back(static_cast<float>(temperature * w));
  }
  const Eigen::VectorXd biases = theta.reshaped(m, n_classes).row(n_energies).transpose();
  for (const double b : biases) {
    found.offsets.push_back(static_cast<float>(-temperature * (b - biases.mean())));
  }
  return found;
}

}  // namespace ebm::evaluation
