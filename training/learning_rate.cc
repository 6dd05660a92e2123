#include "training/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::training {

void LearningRate::validate() const {
  const auto refuse = [](const std::string& what, const char* right) {
    throw Error(ErrorCode::kUsage, what + ": must be " + right);
  };
  if (!(peak > 0.0) || !std::isfinite(peak)) {
    refuse("learning_rate = " + base::number_text(peak), "a positive number");
  }
  if (warmup_iterations < 0) {
    refuse("warmup_iterations = " + std::to_string(warmup_iterations), "0 or more");
  }
  if (schedule != RateSchedule::kConstant && (decay_start < 0 || decay_end <= decay_start)) {
    refuse("lr_decay_end = " + std::to_string(decay_end),
           "above lr_decay_start, which must be 0 or more");
  }
  if (!(final_fraction > 0.0 && final_fraction <= 1.0)) {
    refuse("lr_final_fraction = " + base::number_text(final_fraction), "in (0, 1]");
  }
}

double LearningRate::at(std::int64_t iteration) const {
  const double t = static_cast<double>(iteration);
  double rate = peak;
  if (warmup_iterations > 0) {
    rate *= std::min(1.0, (t + 1.0) / static_cast<double>(warmup_iterations));
  }
  if (schedule == RateSchedule::kConstant) return rate;
  const double s = std::clamp(
      (t - static_cast<double>(decay_start)) / static_cast<double>(decay_end - decay_start), 0.0,
      1.0);
  if (schedule == RateSchedule::kExponential) return rate * std::pow(final_fraction, s);
  return rate *
         (final_fraction + (1.0 - final_fraction) * 0.5 * (1.0 + std::cos(std::numbers::pi * s)));
}

}  // namespace ebm::training
