#pragma once

#include <cmath>

namespace ebm::landscape {

/// x·log₂ x, the map equation's building block, with its limit 0 at 0. In bits.
inline double plogp(double x) { return x > 0.0 ? x * std::log2(x) : 0.0; }

/// Changes of a codelength that gain less are rounding. In bits.
inline constexpr double kMinGain = 1e-10;

}  // namespace ebm::landscape
