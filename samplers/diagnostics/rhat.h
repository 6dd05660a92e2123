#pragma once

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// Potential scale reduction of chains that are not split: √(var⁺/W), var⁺ = W·(N−1)/N +
/// Var_m(x̄_m), W the mean variance within the chains. Near 1 if the chains agree; +infinity if none
/// of them moves and they differ. NaN for fewer than two chains or two draws, non-finite or
/// constant draws. Source: Gelman & Rubin 1992; Vehtari et al. 2021, eq. 1-4.
double rhat(const DrawsView& draws);

/// rhat() of the halves of the chains. NaN if !is_diagnosable(draws).
double split_rhat(const DrawsView& draws);

/// The larger of rhat() of the rank-normalised halves, which sees chains in different places, and
/// of the rank-normalised |x − median|, which sees chains of different spread; it needs no moments
/// of the target. Above 1.01 the draws are not to be used. NaN if !is_diagnosable(draws).
/// Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, section 4.
double rank_normalized_rhat(const DrawsView& draws);

/// The same from halves and their normal scores, for callers that have both already.
double rank_normalized_rhat(const DrawsView& halves, const DrawsView& scores);

}  // namespace ebm::samplers
