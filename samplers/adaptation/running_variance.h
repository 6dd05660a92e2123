#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ebm::samplers {

/// Mean and variance of the coordinates of states that come one by one, in double:
///   n <- n + 1;  δ = x − m;  m <- m + δ/n;  s <- s + δ·(x − m).
/// Source: Welford 1962.
class RunningVariance {
 public:
  explicit RunningVariance(std::int64_t dim)
      : mean_(static_cast<std::size_t>(dim)), squares_(mean_.size()) {}
  /// @param x  [dim]
  void add(std::span<const float> x);
  std::int64_t n() const { return n_; }
  const std::vector<double>& mean() const { return mean_; }
  /// s/(n − 1) [dim]; NaN for fewer than two states.
  std::vector<double> variance() const;

 private:
  std::int64_t n_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_;
};

}  // namespace ebm::samplers
