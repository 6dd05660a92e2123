#pragma once

#include <cstdint>

namespace ebm::training {

/// At which iterations the samples of a model in training are evaluated. A function of iterations
/// alone, so that a run is evaluated at the same ones however often it is interrupted.
struct EvaluationSchedule {
  std::int64_t period = 0;     ///< iterations from one evaluation to the next; 0: there is none
  std::int64_t log_every = 1;  ///< iterations between the rows that show the figures

  /// period = ⌈cost / (budget · steps_an_iteration)⌉, raised to the next multiple of log_every, so
  /// that evaluations take no more than `budget` of what training takes.
  /// @param budget              share of the chain-steps of training; 0: no evaluation
  /// @param cost                chain-steps of one evaluation
  /// @param steps_an_iteration  chain-steps of one iteration
  static EvaluationSchedule within_budget(double budget, double cost, double steps_an_iteration,
                                          std::int64_t log_every);

  /// Whether `iteration` is a multiple of the period.
  bool is_regular(std::int64_t iteration) const {
    return period > 0 && iteration > 0 && iteration % period == 0;
  }
  /// The last row of a run of so many iterations, which is evaluated in any case; 0 if there is
  /// none.
  std::int64_t last(std::int64_t iterations) const {
    return period > 0 ? iterations - iterations % log_every : 0;
  }
  bool is_due(std::int64_t iteration, std::int64_t iterations) const {
    return is_regular(iteration) || (iteration > 0 && iteration == last(iterations));
  }
};

}  // namespace ebm::training
