#include "gan/dirac_path.h"

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_times.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::gan {
namespace {
namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

bool is_finite(std::span<const double> state) {
  return std::all_of(state.begin(), state.end(), [](double x) { return std::isfinite(x); });
}

void require_start(std::span<const double> start) {
  if (start.empty() || start.size() % 2 != 0) {
    throw Error(ErrorCode::kUsage, "start: has " + std::to_string(start.size()) +
                                       " numbers; must be phi and theta of one size");
  }
  if (!is_finite(start)) throw Error(ErrorCode::kUsage, "start: must be finite numbers");
}

void require_positive(const char* what, double value) {
  if (std::isfinite(value) && value > 0.0) return;
  throw Error(ErrorCode::kUsage,
              std::string(what) + " = " + base::number_text(value) + ": must be above 0");
}

void require_finite(std::span<const double> state, const std::string& when) {
  if (is_finite(state)) return;
  throw Error(ErrorCode::kDiverged, "the state became non-finite (NaN or infinity) at " + when);
}

void clip_phi(const DiracSystem& system, State& state) {
  for (std::size_t i = 0; i < state.size() / 2; ++i) {
    state[i] = std::clamp(state[i], -system.clip, system.clip);
  }
}

}  // namespace

DiracPath solve_flow(const DiracSystem& system, std::span<const double> start, double end,
                     double step) {
  require_start(start);
  require_positive("time", end);
  require_positive("step", step);
  if (step > end) {
    throw Error(ErrorCode::kUsage, "step = " + base::number_text(step) +
                                       ": must be at most the time " + base::number_text(end));
  }
  // Multiples rather than sums, whose rounding would add up.
  std::vector<double> times;
  for (std::int64_t i = 0; static_cast<double>(i) * step <= end * (1.0 + 1e-12); ++i) {
    times.push_back(static_cast<double>(i) * step);
  }
  if (times.back() < end * (1.0 - 1e-12)) times.push_back(end);
  const auto rates = [&](const State& state, State& result, double) {
    system.rates(state, result);
  };
  DiracPath path;
  const auto record = [&](const State& state, double time) {
    require_finite(state, "time " + base::number_text(time));
    path.times.push_back(time);
    path.states.push_back(state);
  };
  State state(start.begin(), start.end());
  try {
    odeint::integrate_times(
        odeint::make_controlled<odeint::runge_kutta_dopri5<State>>(1e-12, 1e-10), rates, state,
        times.begin(), times.end(), std::min(step, 0.01), record);
  } catch (const odeint::no_progress_error&) {
    throw Error(ErrorCode::kDiverged,
                "no step is short enough after time " + base::number_text(path.times.back()));
  }
  return path;
}

DiracPath take_steps(const DiracSystem& system, std::span<const double> start, std::int64_t n_steps,
                     double step, Turns turns) {
  require_start(start);
  require_positive("step_size", step);
  if (n_steps < 1) {
    throw Error(ErrorCode::kUsage, "steps = " + std::to_string(n_steps) + ": must be at least 1");
  }
  DiracPath path;
  State state(start.begin(), start.end());
  State rates(state.size());
  const std::size_t half = state.size() / 2;
  const auto move = [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) state[i] += step * rates[i];
  };
  const auto record = [&](std::int64_t n) {
    require_finite(state, "step " + std::to_string(n));
    path.times.push_back(static_cast<double>(n));
    path.states.push_back(state);
  };
  record(0);
  for (std::int64_t n = 1; n <= n_steps; ++n) {
    system.rates(state, rates);
    move(half, state.size());
    if (turns == Turns::kAlternating) system.rates(state, rates);
    move(0, half);
    clip_phi(system, state);
    record(n);
  }
  return path;
}

}  // namespace ebm::gan
