#include "nets/architecture/weight_norm.h"

#include <cmath>
#include <cstddef>

namespace ebm::nets {
namespace {

double inner(std::span<const float> a, std::span<const float> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

}  // namespace

void row_norms(std::span<const float> v, std::span<float> norms) {
  const std::size_t n = v.size() / norms.size();
  for (std::size_t row = 0; row < norms.size(); ++row) {
    const auto values = v.subspan(row * n, n);
    norms[row] = static_cast<float>(std::sqrt(inner(values, values)));
  }
}

bool normalise_rows(std::span<const float> g, std::span<float> v) {
  const std::size_t n = v.size() / g.size();
  bool is_finite = true;
  for (std::size_t row = 0; row < g.size(); ++row) {
    const auto values = v.subspan(row * n, n);
    const double factor = g[row] / std::sqrt(inner(values, values));
    for (float& value : values) {
      value = static_cast<float>(value * factor);
      is_finite = is_finite && std::isfinite(value);
    }
  }
  return is_finite;
}

void normalised_row_gradient(std::span<const float> g, std::span<const float> v,
                             std::span<float> gradient, std::span<float> of_g) {
  const std::size_t n = v.size() / g.size();
  for (std::size_t row = 0; row < g.size(); ++row) {
    const auto values = v.subspan(row * n, n);
    const auto of_row = gradient.subspan(row * n, n);
    const double squares = inner(values, values), norm = std::sqrt(squares);
    const double product = inner(of_row, values);
    of_g[row] = static_cast<float>(product / norm);
    for (std::size_t i = 0; i < n; ++i) {
      of_row[i] = static_cast<float>(g[row] / norm * (of_row[i] - product / squares * values[i]));
    }
  }
}

}  // namespace ebm::nets
