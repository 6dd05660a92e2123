#include "gan/dirac_run.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "base/error.h"
#include "base/number_text.h"

namespace ebm::gan {
namespace {

double norm_of(std::span<const double> a) {
  double sum = 0.0;
  for (const double x : a) sum += x * x;
  return std::sqrt(sum);
}

DiracFigures figures_of(double time, const std::vector<double>& state) {
  const std::size_t dim = state.size() / 2;
  DiracFigures figures{.time = time,
                       .theta_norm = norm_of(std::span(state).last(dim)),
                       .phi_norm = norm_of(std::span(state).first(dim)),
                       .angular_momentum = {}};
  if (dim == 2) figures.angular_momentum = state[2] * state[1] - state[3] * state[0];
  return figures;
}

}  // namespace

void DiracRun::validate() const {
  if (phi.size() != theta.size()) {
    throw Error(ErrorCode::kUsage, "phi: has " + std::to_string(phi.size()) +
                                       " coordinates, theta " + std::to_string(theta.size()) +
                                       "; they must be as many");
  }
  if (!n_steps && time > 1e5) {
    throw Error(ErrorCode::kUsage,
                "time = " + base::number_text(time) + ": must be at most 100000");
  }
  if (n_steps && *n_steps > 10'000'000) {
    throw Error(ErrorCode::kUsage,
                "steps = " + std::to_string(*n_steps) + ": must be at most 10000000");
  }
}

DiracPath run_dirac(const DiracSystem& system, const DiracRun& run) {
  std::vector<double> start = run.phi;
  start.insert(start.end(), run.theta.begin(), run.theta.end());
  if (run.n_steps) return take_steps(system, start, *run.n_steps, run.step_size, run.turns);
  // Fine enough for a smooth line: the systems turn by about one radian in a unit of time.
  return solve_flow(system, start, run.time, std::min(0.05, run.time));
}

std::vector<DiracFigures> figures_along(const DiracPath& path, std::size_t n) {
  std::vector<DiracFigures> rows;
  const std::size_t last = path.states.size() - 1, n_after = std::min(n, last);
  for (std::size_t i = 0; i <= n_after; ++i) {
    const std::size_t at = n_after == 0 ? 0 : last * i / n_after;
    rows.push_back(figures_of(path.times[at], path.states[at]));
  }
  return rows;
}

DiracAnalysis analyse_run(const DiracSystem& system, const DiracRun& run) {
  DiracAnalysis analysis;
  if (!system.is_smooth_at_zero) return analysis;
  const auto dim = static_cast<std::int64_t>(run.phi.size());
  analysis.flow = analyse_equilibrium(system, dim);
  if (run.n_steps) {
    analysis.spectral_radius = spectral_radius_of_step(system, dim, run.step_size, run.turns);
  }
  return analysis;
}

}  // namespace ebm::gan
