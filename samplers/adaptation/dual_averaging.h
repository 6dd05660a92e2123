#pragma once

#include <cstdint>

namespace ebm::samplers {

/// Finds the step size whose acceptance is `target`:
///   log h_{t+1} = μ − √t/γ · H̄_t,  H̄_t = (1 − 1/(t + t₀))·H̄_{t−1} + (target − α_t)/(t + t₀),
///   log h̄_t = t^−κ·log h_t + (1 − t^−κ)·log h̄_{t−1},   γ = 0.05, t₀ = 10, κ = 0.75, μ = ln(10·h₀).
/// Source: Nesterov 2009; Hoffman & Gelman 2014, eq. 6.
class DualAveraging {
 public:
  DualAveraging(float step_size, double target);
  /// @param acceptance  of the last transition, 0 for one that was not finite
  void update(double acceptance);
  /// h_t, for the next transition.
  float step_size() const;
  /// h̄_t, the final step size; h₀ if there was no update.
  float averaged_step_size() const;

 private:
  double target_;
  double mu_;
  double log_step_;
  double log_average_;
  double error_ = 0.0;
  std::int64_t n_ = 0;
};

}  // namespace ebm::samplers
