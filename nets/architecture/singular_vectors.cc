#include "nets/architecture/singular_vectors.h"

#include <cmath>
#include <cstddef>
#include <vector>

namespace ebm::nets {
namespace {

void store_unit(std::span<const double> from, std::span<float> to) {
  constexpr double kTiny = 1e-12;
  double squares = 0.0;
  for (const double x : from) squares += x * x;
  const double length = std::sqrt(squares) + kTiny;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(from[i] / length);
}

double row_product(const float* row, std::span<const float> v) {
  double sum = 0.0;
  for (std::size_t column = 0; column < v.size(); ++column) sum += double{row[column]} * v[column];
  return sum;
}

}  // namespace

double singular_value(std::span<const float> weight, std::span<const float> u,
                      std::span<const float> v) {
  double sigma = 0.0;
  for (std::size_t row = 0; row < u.size(); ++row) {
    sigma += row_product(weight.data() + row * v.size(), v) * u[row];
  }
  return sigma;
}

void power_iteration(std::span<const float> weight, std::span<float> u, std::span<float> v) {
  std::vector<double> sums(v.size());
  for (std::size_t row = 0; row < u.size(); ++row) {
    const float* values = weight.data() + row * v.size();
    const double factor = u[row];
    for (std::size_t column = 0; column < v.size(); ++column) {
      sums[column] += values[column] * factor;
    }
  }
  store_unit(sums, v);
  sums.resize(u.size());
  for (std::size_t row = 0; row < u.size(); ++row) {
    sums[row] = row_product(weight.data() + row * v.size(), v);
  }
  store_unit(sums, u);
}

void make_unit(std::span<float> x) {
  const std::vector<double> values(x.begin(), x.end());
  store_unit(values, x);
}

}  // namespace ebm::nets
