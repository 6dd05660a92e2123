#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "gan/dirac_path.h"
#include "gan/dirac_system.h"
#include "gan/equilibrium.h"

namespace ebm::gan {

/// Start, method and length of a run.
struct DiracRun {
  std::vector<double> phi{0.1, 0.2};      ///< initial critic
  std::vector<double> theta{0.2, 0.1};    ///< initial generated point, of the same size
  double time = 100.0;                    ///< length of the continuous flow
  std::optional<std::int64_t> n_steps{};  ///< discrete steps instead of the flow
  double step_size = 0.2;                 ///< of those
  Turns turns = Turns::kSimultaneous;     ///< of those

  /// @throws Error(kUsage) unless phi and theta have as many coordinates, and for a time above
  ///         10^5 or more than 10^7 steps, which would take too long
  void validate() const;
};

/// @throws what solve_flow and take_steps throw
DiracPath run_dirac(const DiracSystem& system, const DiracRun& run);

/// Figures of a state.
struct DiracFigures {
  double time, theta_norm, phi_norm;       ///< time is a number of steps where they are discrete
  std::optional<double> angular_momentum;  ///< θ₁φ₂ − θ₂φ₁, in the plane
};

/// Figures of the start and of at most n later states, at even distances.
std::vector<DiracFigures> figures_along(const DiracPath& path, std::size_t n);

/// How the system moves next to its equilibrium; nothing if it is not smooth there.
struct DiracAnalysis {
  std::optional<Equilibrium> flow;
  std::optional<double> spectral_radius;  ///< of a discrete step, where the run takes them
};

DiracAnalysis analyse_run(const DiracSystem& system, const DiracRun& run);

}  // namespace ebm::gan
