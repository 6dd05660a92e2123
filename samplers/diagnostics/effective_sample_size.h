#pragma once

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// How many independent draws would give the mean as well as these, of chains that are not split:
///   ESS = S/τ, S = n_draws·n_chains, τ = −1 + 2·Σ_{k<K} P_k + max(ρ_{2K}, 0),
/// where P_k = ρ_{2k} + ρ_{2k+1} of autocorrelation(), made monotone by P_k <- min(P_k, P_{k−1}),
/// and K is the first pair that is not positive, or the last one whose lags have terms enough. τ is
/// at least 1/log₁₀ S, so that antithetic chains have at most S·log₁₀ S. NaN for fewer than two
/// draws, non-finite or constant draws. Source: Geyer 1992, initial monotone sequence; Vehtari et
/// al. 2021, eq. 10-13.
double effective_sample_size(const DrawsView& draws);

/// ESS of the mean: effective_sample_size() of the halves. NaN if !is_diagnosable(draws).
double ess_mean(const DrawsView& draws);

/// ESS of the rank-normalised halves: how well the middle of the distribution is known, whatever
/// its moments. NaN if !is_diagnosable(draws).
double ess_bulk(const DrawsView& draws);

/// The smaller of the ESS of 1[x <= q] for the 5 % and the 95 % quantile q: how well the tails are
/// known. Where one of the indicators is constant (draws of few values) it is that of the other;
/// NaN if both are, or if !is_diagnosable(draws). Source: Vehtari, Gelman, Simpson, Carpenter,
/// Bürkner 2021, section 4.
double ess_tail(const DrawsView& draws);

/// The same from halves and the two quantiles, for callers that have them already.
double ess_tail(const DrawsView& halves, double q5, double q95);

}  // namespace ebm::samplers
