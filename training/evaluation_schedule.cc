#include "training/evaluation_schedule.h"

#include <algorithm>
#include <cmath>

namespace ebm::training {

EvaluationSchedule EvaluationSchedule::within_budget(double budget, double cost,
                                                     double steps_an_iteration,
                                                     std::int64_t log_every) {
  EvaluationSchedule schedule{.period = 0, .log_every = log_every};
  if (!(budget > 0.0)) return schedule;
  // A budget such as 0.05 is no binary number: its rounding must not cost an iteration.
  constexpr double kRounding = 1.0 - 1e-12;
  constexpr double kNever = 1e15;
  const double iterations = std::ceil(cost / (budget * steps_an_iteration) * kRounding);
  const auto whole = static_cast<std::int64_t>(std::clamp(iterations, 1.0, kNever));
  schedule.period = (whole + log_every - 1) / log_every * log_every;
  return schedule;
}

}  // namespace ebm::training
