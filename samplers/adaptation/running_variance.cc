#include "samplers/adaptation/running_variance.h"

#include <limits>

namespace ebm::samplers {

void RunningVariance::add(std::span<const float> x) {
  ++n_;
  const double weight = 1.0 / static_cast<double>(n_);
  for (std::size_t d = 0; d < mean_.size(); ++d) {
    const double delta = x[d] - mean_[d];
    mean_[d] += weight * delta;
    squares_[d] += delta * (x[d] - mean_[d]);
  }
}

std::vector<double> RunningVariance::variance() const {
  std::vector<double> variance(squares_);
  for (double& v : variance) {
    v = n_ < 2 ? std::numeric_limits<double>::quiet_NaN() : v / static_cast<double>(n_ - 1);
  }
  return variance;
}

}  // namespace ebm::samplers
