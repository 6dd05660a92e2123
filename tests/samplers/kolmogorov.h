#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace ebm::samplers {

/// P(K > λ) of Kolmogorov's distribution: 2·Σ_{j≥1} (−1)^{j−1}·exp(−2j²λ²), and for small λ, where
/// that converges slowly, 1 − √(2π)/λ·Σ_{j≥1} exp(−(2j − 1)²π²/(8λ²)).
inline double kolmogorov_tail(double lambda) {
  constexpr double kPi = std::numbers::pi;
  double sum = 0;
  if (lambda < 1.0) {
    if (lambda < 0.04) return 1.0;
    for (int j = 1; j < 10; ++j) {
      sum += std::exp(-std::pow((2 * j - 1) * kPi / lambda, 2) / 8);
    }
    return 1.0 - std::sqrt(2 * kPi) / lambda * sum;
  }
  for (int j = 1; j < 10; ++j)
    sum += (j % 2 == 1 ? 2 : -2) * std::exp(-2 * j * j * lambda * lambda);
  return sum;
}

/// The largest distance of the draws' distribution function from `cdf`.
template <class Cdf>
double kolmogorov_distance(std::vector<float> draws, const Cdf& cdf) {
  std::sort(draws.begin(), draws.end());
  const auto n = static_cast<double>(draws.size());
  double distance = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double p = cdf(double{draws[i]});
    distance =
        std::max({distance, static_cast<double>(i + 1) / n - p, p - static_cast<double>(i) / n});
  }
  return distance;
}

/// The p-value of independent draws from `cdf`, with Stephens' correction for a finite n (1970).
template <class Cdf>
double kolmogorov_p(const std::vector<float>& draws, const Cdf& cdf) {
  const double root = std::sqrt(static_cast<double>(draws.size()));
  return kolmogorov_tail((root + 0.12 + 0.11 / root) * kolmogorov_distance(draws, cdf));
}

}  // namespace ebm::samplers
