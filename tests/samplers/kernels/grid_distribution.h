#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/random.h"

namespace ebm::samplers {

/// A distribution of one number on [low, high] from the logarithm of its density, by the trapezium
/// rule on a grid: draws and distribution function agree to 1e-6 for the densities of the tests.
class GridDistribution {
 public:
  GridDistribution(double low, double high, const std::function<double(double)>& log_density)
      : low_(low), width_((high - low) / kCells), cdf_(kCells + 1) {
    for (std::size_t i = 1; i < cdf_.size(); ++i) {
      const double left = low + width_ * static_cast<double>(i - 1);
      cdf_[i] = cdf_[i - 1] + std::exp(log_density(left)) + std::exp(log_density(left + width_));
    }
    for (double& p : cdf_) p /= cdf_.back();
  }

  double cdf(double x) const {
    const double cell = std::clamp((x - low_) / width_, 0.0, double{kCells} - 1e-9);
    const auto i = static_cast<std::size_t>(cell);
    return cdf_[i] + (cell - static_cast<double>(i)) * (cdf_[i + 1] - cdf_[i]);
  }

  double quantile(double p) const {
    const auto above = std::upper_bound(cdf_.begin() + 1, cdf_.end() - 1, p);
    const auto i = static_cast<std::size_t>(above - cdf_.begin());
    const double part = (p - cdf_[i - 1]) / (cdf_[i] - cdf_[i - 1]);
    return low_ + width_ * (static_cast<double>(i - 1) + part);
  }

  /// n independent draws.
  std::vector<float> draws(std::size_t n, std::uint64_t seed) const {
    base::RandomStream stream({.seed = seed, .domain = base::Domain::kToyData}, 0);
    std::vector<float> found(n);
    for (float& x : found) {
      x = static_cast<float>(quantile((static_cast<double>(stream.next_word()) + 0.5) * 0x1p-32));
    }
    return found;
  }

 private:
  static constexpr int kCells = 40000;
  double low_, width_;
  std::vector<double> cdf_;
};

}  // namespace ebm::samplers
