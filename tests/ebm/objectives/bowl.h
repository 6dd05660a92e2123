#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "ebm/evaluated_net.h"

namespace ebm {

/// E(x) = ½·k·‖x‖², with k as its only parameter.
class Bowl : public EvaluatedNet {
 public:
  Bowl(double k, std::int64_t dim) : k_(k) { net_.input = {dim, 1, 1}; }
  void update() override {}
  const nets::Architecture& architecture() const override { return net_; }
  WeightGradient weight_gradient(const nets::Rows& rows,
                                 const Coefficient& coefficient) const override {
    WeightGradient found{.energies = energy_gradients(rows).energies, .gradient = {}};
    double sum = 0.0;
    for (std::size_t row = 0; row < found.energies.size(); ++row) {
      const float c = coefficient(static_cast<std::int64_t>(row), found.energies[row]);
      sum += double{c} * 0.5 * squares_of(row_of(rows, row));
    }
    found.gradient = {{static_cast<float>(sum)}};
    return found;
  }
  WeightGradient mixed_gradient(const nets::Rows& rows, const Direction& direction,
                                bool /*in_float32*/) const override {
    std::vector<float> grad(dim()), v(dim());
    double sum = 0.0;
    for (std::size_t row = 0; row < rows.x.size() / dim(); ++row) {
      const auto x = row_of(rows, row);
      for (std::size_t i = 0; i < dim(); ++i) grad[i] = static_cast<float>(k_ * double{x[i]});
      std::ranges::fill(v, 0.0f);
      direction(static_cast<std::int64_t>(row), grad, v);
      for (std::size_t i = 0; i < dim(); ++i) sum += double{v[i]} * double{x[i]};
    }
    return {energy_gradients(rows).energies, {{static_cast<float>(sum)}}};
  }
  WeightGradient level_gradient(const nets::Rows& /*rows*/,
                                const LevelDirection& /*direction*/) const override {
    throw Error(ErrorCode::kInternal, "not asked for");
  }
  CurvatureGradient curvature_gradient(const nets::Rows& /*rows*/,
                                       std::span<const float> /*directions*/,
                                       float /*coefficient*/) const override {
    throw Error(ErrorCode::kInternal, "not asked for");
  }
  EnergyGradients energy_gradients(const nets::Rows& rows) const override {
    EnergyGradients found;
    for (std::size_t row = 0; row < rows.x.size() / dim(); ++row) {
      found.energies.push_back(static_cast<float>(0.5 * k_ * squares_of(row_of(rows, row))));
    }
    for (const float x : rows.x) {
      found.energy_grads.push_back(static_cast<float>(k_ * double{x}));
    }
    return found;
  }
  samplers::ChainDriver& chain_driver() const override {
    throw Error(ErrorCode::kInternal, "not asked for");
  }

 private:
  std::size_t dim() const { return static_cast<std::size_t>(net_.input.channels); }
  std::span<const float> row_of(const nets::Rows& rows, std::size_t row) const {
    return rows.x.subspan(row * dim(), dim());
  }
  static double squares_of(std::span<const float> x) {
    double sum = 0.0;
    for (const float each : x) sum += double{each} * double{each};
    return sum;
  }

  nets::Architecture net_;
  double k_;
};

/// The mean of a_i·b_i.
inline double mean_product(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * double{b[i]};
  return sum / static_cast<double>(a.size());
}

inline void scale_to(double mean_square, std::vector<float>& values) {
  const double factor = std::sqrt(mean_square / mean_product(values, values));
  for (float& x : values) x = static_cast<float>(factor * double{x});
}

}  // namespace ebm
