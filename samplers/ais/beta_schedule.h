#pragma once

#include <cstdint>
#include <vector>

#include "base/names/choice.h"

namespace ebm::samplers {

/// How the inverse temperatures of an annealing path rise from 0 to 1, f = k/(n − 1):
///   linear     β_k = f
///   geometric  β_0 = 0, then from 10⁻⁴ to 1 by a constant factor: for targets far narrower than
///              the base
///   sigmoidal  β_k = (σ(δ(2f − 1)) − σ(−δ))/(σ(δ) − σ(−δ)), δ = 4, σ(t) = 1/(1 + e⁻ᵗ): dense at
///              both ends, where densities change fastest
/// Source of the last: Grosse, Maddison, Salakhutdinov 2013.
enum class BetaShape { kLinear, kGeometric, kSigmoidal };

inline constexpr base::Choice<BetaShape> kBetaShapes[] = {{"linear", BetaShape::kLinear},
                                                          {"geometric", BetaShape::kGeometric},
                                                          {"sigmoidal", BetaShape::kSigmoidal}};

/// β_0 = 0 < β_1 < ... < β_{n−1} = 1. @throws Error(kUsage) if n < 2.
std::vector<double> make_betas(BetaShape shape, std::int64_t n_temperatures);

}  // namespace ebm::samplers
