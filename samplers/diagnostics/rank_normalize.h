#pragma once

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// The p-quantile of N(0, 1), to 1e-14 relative. ∓infinity at 0 and 1, NaN outside [0, 1].
double normal_quantile(double p);

/// Normal scores of the ranks of all draws among all: z = Φ⁻¹((r − 3/8)/(S + 1/4)), r = 1, ..., S,
/// equal draws sharing the mean of their ranks. The draws must not hold NaN. O(S·log S).
/// Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, eq. 14.
Draws rank_normalize(const DrawsView& draws);

}  // namespace ebm::samplers
