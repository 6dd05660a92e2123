#pragma once

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// Standard error of the mean of all draws as an estimate of the target's: sd/√ESS, with
/// ess_mean(). NaN if !is_diagnosable(draws).
/// Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, section 4.3.
double mcse_mean(const DrawsView& draws);

/// Standard error of the standard deviation of all draws: with y = (x − x̄)² and v = mean(y),
///   √((mean(y²) − v²)/ESS(y)/(4·v)),
/// that of the variance over 2·sd. NaN if !is_diagnosable(draws), or if y is constant.
/// Source: Kenney & Keeping 1951; Vehtari et al. 2021, section 4.3.
double mcse_sd(const DrawsView& draws);

}  // namespace ebm::samplers
