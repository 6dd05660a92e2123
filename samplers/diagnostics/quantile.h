#pragma once

#include <span>
#include <vector>

#include "samplers/diagnostics/draws.h"

namespace ebm::samplers {

/// Quantiles of all draws, linear between neighbours: with h = (S − 1)·p and draws x₍₀₎ <= ... in
/// order, x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎).
/// @param p  in [0, 1], not falling
/// @return   one value for each p; NaN if there is no draw or one is NaN
/// @throws   Error(kUsage) on another p.
/// Source: Hyndman & Fan 1996, definition 7 (the default of R and NumPy).
std::vector<double> quantiles(const DrawsView& draws, std::span<const double> p);

}  // namespace ebm::samplers
