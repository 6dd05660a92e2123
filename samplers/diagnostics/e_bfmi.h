#pragma once

#include <vector>

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// Estimated Bayesian fraction of missing information of every chain, [n_chains]:
///   Σ_{i>=2} (H_i − H_{i−1})² / Σ_i (H_i − H̄)².
/// About 1 if the momentum drawn at every step decorrelates the total energy; below 0.3 it moves it
/// too little to reach the tails. It is about kernels that draw a momentum (HMC, NUTS): the
/// potential energy of a Langevin chain is always correlated. NaN for a chain of fewer than four
/// draws, or with non-finite or constant ones.
/// @param energies  total energies H = E(x)/T + |p|²/2 after the momentum was drawn
/// Source: Betancourt 2016, "Diagnosing suboptimal cotangent disintegrations in HMC".
std::vector<double> e_bfmi(const DrawsView& energies);

}  // namespace ebm::samplers
