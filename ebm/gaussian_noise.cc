#include "ebm/gaussian_noise.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "data/batch_source.h"
#include "ebm/principal_covariance.h"
#include "metrics/moments.h"
#include "samplers/initial_states.h"

namespace ebm {
namespace {

constexpr std::int64_t kMaxItems = 10000;
constexpr double kRidge = 1e-6;
/// In a direction in which the data have no variance, they have half a nat less of −ln p than draws
/// of the noise. With 16 of them a classifier begins 8 nats apart, and its loss has no gradient.
constexpr double kMaxFlat = 16.0;
using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

class GaussianNoise : public training::NoiseDistribution {
 public:
  GaussianNoise(const metrics::Moments& moments, double ridge)
      : mean_(Eigen::Map<const Eigen::VectorXd>(moments.mean.data(), moments.d)) {
    factor(moments.covariance, ridge);
    // Σ ridge/(λ + ridge) over the eigenvalues: about the number of those below the ridge.
    const Eigen::MatrixXd inverse =
        factor_.triangularView<Eigen::Lower>().solve(Eigen::MatrixXd::Identity(dim(), dim()));
    if (ridge * inverse.squaredNorm() > kMaxFlat) {
      factor(principal_covariance(moments.covariance, moments.d, ridge), 0.0);
    }
    constant_ = factor_.diagonal().array().log().sum() +
                0.5 * static_cast<double>(moments.d) * std::log(2.0 * std::numbers::pi);
  }

  std::int64_t dim() const override { return mean_.size(); }

  void draw(const base::RandomKey& key, std::uint64_t first, std::span<float> rows) const override {
    samplers::draw_initial_states(key, first, dim(), std::nullopt, rows);
    const auto n = static_cast<std::int64_t>(rows.size()) / dim();
    Eigen::Map<RowMatrix> x(rows.data(), n, dim());
    // Row by row, so that a row's bits do not depend on how many there are.
    for (std::int64_t i = 0; i < n; ++i) {
      const Eigen::VectorXd z = x.row(i).transpose().cast<double>();
      x.row(i) = (mean_ + factor_.triangularView<Eigen::Lower>() * z).transpose().cast<float>();
    }
  }

  void log_density(std::span<const float> rows, std::span<float> values) const override {
    const Eigen::Map<const RowMatrix> x(rows.data(), static_cast<Eigen::Index>(values.size()),
                                        dim());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const Eigen::VectorXd centred = x.row(i).transpose().cast<double>() - mean_;
      const Eigen::VectorXd z = factor_.triangularView<Eigen::Lower>().solve(centred);
      values[static_cast<std::size_t>(i)] = static_cast<float>(-0.5 * z.squaredNorm() - constant_);
    }
  }

 private:
  void factor(const std::vector<double>& of, double ridge) {
    Eigen::MatrixXd covariance = Eigen::Map<const Eigen::MatrixXd>(of.data(), dim(), dim());
    covariance.diagonal().array() += ridge;
    factor_ = covariance.llt().matrixL();
  }

  Eigen::VectorXd mean_;
  Eigen::MatrixXd factor_;  // L of Σ = LLᵀ
  double constant_ = 0.0;   // ln det L + (d/2)·ln 2π
};

}  // namespace

std::unique_ptr<training::NoiseDistribution> gaussian_noise(const data::Dataset& dataset,
                                                            std::uint64_t seed) {
  const std::int64_t n = std::min(dataset.n, kMaxItems);
  const std::int64_t dim = dataset.shape.size();
  const std::vector<float> rows = data::dequantized_rows(dataset, n, seed);
  const metrics::Moments moments =
      metrics::moments_of(metrics::FeatureView(rows, n, dim, dataset.name));
  double variance = 0.0;
  for (std::int64_t i = 0; i < dim; ++i) {
    variance +=
        moments.covariance[static_cast<std::size_t>(i * (dim + 1))] / static_cast<double>(dim);
  }
  if (!(variance > 0.0)) {
    throw Error(ErrorCode::kBadData,
                dataset.name + ": all items are equal; noise fitted to them would have no density");
  }
  return std::make_unique<GaussianNoise>(moments, kRidge * variance);
}

}  // namespace ebm
