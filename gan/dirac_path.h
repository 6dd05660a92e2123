#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/names/choice.h"
#include "gan/dirac_system.h"

namespace ebm::gan {

/// Who moves first in a discrete step.
enum class Turns {
  kSimultaneous,  ///< both by the same state
  kAlternating,   ///< θ, then φ by the θ that has moved
};

inline constexpr base::Choice<Turns> kTurns[] = {{"simultaneous", Turns::kSimultaneous},
                                                 {"alternating", Turns::kAlternating}};

/// States of a system one after another.
struct DiracPath {
  std::vector<double> times;                ///< [n]; numbers of steps where steps are discrete
  std::vector<std::vector<double>> states;  ///< [n][2·d]: φ, then θ
};

/// The solution of dy/dt = rates(y) from `start` at 0, `step`, 2·step, ... and at `end`, by
/// Dormand and Prince's Runge-Kutta pair of order 5(4), whose own steps keep the error of each
/// below 1e-12 absolute and 1e-10 relative.
/// @throws Error(kUsage) unless 0 < step <= end, finite, or if `start` is not two vectors of one
///         size of finite numbers; Error(kDiverged) naming the time at which a state becomes
///         non-finite.
DiracPath solve_flow(const DiracSystem& system, std::span<const double> start, double end,
                     double step);

/// `n_steps` Euler steps of size `step`, y <- y + step·rates(y), both halves at once or in turns,
/// with φ clipped to the system's bound after each. All n_steps + 1 states.
/// @throws Error(kUsage) unless step is positive and finite and n_steps at least 1, or on `start`
///         as above; Error(kDiverged) naming the step at which a state becomes non-finite.
DiracPath take_steps(const DiracSystem& system, std::span<const double> start, std::int64_t n_steps,
                     double step, Turns turns);

}  // namespace ebm::gan
