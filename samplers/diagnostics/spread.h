#pragma once

#include <span>

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// The mean and the variance (divisor size − 1) of some numbers. NaN for none (one).
struct Moments {
  double mean;
  double variance;
};
Moments moments(std::span<const double> values);

/// How far draws spread within each of M chains of N draws, and in all:
///   within = W = mean_m(s²_m),  total = var⁺ = W·(N−1)/N + Var_m(x̄_m),
/// the last term only for two chains or more. Source: Vehtari et al. 2021, eq. 1-3.
struct Spread {
  double within;
  double total;
};
Spread spread(const DrawsView& draws);

}  // namespace ebm::samplers
