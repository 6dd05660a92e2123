#pragma once

#include <vector>

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// The mean over the chains of their autocovariances at every lag, [n_draws]:
///   s_t = (1/M)·Σ_m (1/N)·Σ_{i=1}^{N−t} (x_{m,i} − x̄_m)(x_{m,i+t} − x̄_m),
/// by FFT, O(M·N·log N): two chains share one complex transform, and one inverse serves all.
std::vector<double> mean_autocovariance(const DrawsView& draws);

/// The combined autocorrelation of all chains at every lag, [n_draws]:
///   ρ_t = 1 − (W − s_t)/var⁺,  W = N/(N−1)·s_0,  var⁺ = W·(N−1)/N + Var_m(x̄_m),
/// the last term only for two chains or more. Chains that disagree count as correlated at every
/// lag. NaN for fewer than two draws, non-finite or constant draws.
/// Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, eq. 10.
std::vector<double> autocorrelation(const DrawsView& draws);

/// ρ_1 of autocorrelation(), in O(M·N). NaN if !is_diagnosable(draws).
double lag1_autocorrelation(const DrawsView& draws);

}  // namespace ebm::samplers
