#include "samplers/adaptation/dual_averaging.h"

#include <cmath>

namespace ebm::samplers {

DualAveraging::DualAveraging(float step_size, double target)
    : target_(target),
      mu_(std::log(10.0 * step_size)),
      log_step_(std::log(static_cast<double>(step_size))),
      log_average_(log_step_) {}

void DualAveraging::update(double acceptance) {
  constexpr double kGamma = 0.05, kShift = 10.0, kKappa = 0.75;
  ++n_;
  const auto t = static_cast<double>(n_);
  const double weight = 1.0 / (t + kShift);
  error_ = (1.0 - weight) * error_ + weight * (target_ - acceptance);
  log_step_ = mu_ - std::sqrt(t) / kGamma * error_;
  const double newest = std::pow(t, -kKappa);
  log_average_ = newest * log_step_ + (1.0 - newest) * log_average_;
}

float DualAveraging::step_size() const { return static_cast<float>(std::exp(log_step_)); }

float DualAveraging::averaged_step_size() const {
  return static_cast<float>(std::exp(log_average_));
}

}  // namespace ebm::samplers
