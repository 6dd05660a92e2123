#pragma once

#include <cstdint>

namespace ebm::training {

/// How a learning rate falls.
enum class RateSchedule { kConstant, kCosine, kExponential };

/// Learning rate as a function of the iteration alone, so that a resumed run goes on with it.
struct LearningRate {
  double peak = 1e-4;
  std::int64_t warmup_iterations = 0;  ///< linear from 0
  RateSchedule schedule = RateSchedule::kConstant;
  std::int64_t decay_start = 0;  ///< iteration at which the decay starts
  std::int64_t decay_end = 0;    ///< iteration from which the rate stays at final_fraction
  double final_fraction = 0.1;   ///< of the peak

  /// @throws Error(kUsage) naming the option, its value and what would be right.
  void validate() const;

  /// peak · min(1, (t + 1)/warmup) · f(s), s = (t − decay_start)/(decay_end − decay_start) in [0,
  /// 1];
  /// constant f = 1; cosine final + (1 − final)(1 + cos πs)/2; exponential final^s.
  double at(std::int64_t iteration) const;
};

}  // namespace ebm::training
