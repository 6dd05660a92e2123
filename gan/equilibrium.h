#pragma once

#include <complex>
#include <cstdint>
#include <vector>

#include "gan/dirac_path.h"
#include "gan/dirac_system.h"

namespace ebm::gan {

/// How a system moves next to its equilibrium (0, 0): e^{μt} along the eigenvectors of the rates'
/// Jacobian. It is reached where every real part is negative.
struct Equilibrium {
  std::vector<std::complex<double>>
      eigenvalues;  ///< μ, [2·d], by real, then imaginary part, falling
  double greatest_real_part = 0.0;
};

/// By central differences, exact to about 1e-9.
/// @param dim  d
/// @throws Error(kUsage) if the system is not smooth there.
Equilibrium analyse_equilibrium(const DiracSystem& system, std::int64_t dim);

/// max |eigenvalue| of the Jacobian at (0, 0) of one discrete step: below 1 steps converge, above 1
/// they leave. For the minimax game in one dimension √(1 + step²/4) when both move at once.
/// @throws Error(kUsage) if the system is not smooth there.
double spectral_radius_of_step(const DiracSystem& system, std::int64_t dim, double step,
                               Turns turns);

}  // namespace ebm::gan
