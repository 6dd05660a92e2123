#pragma once

#include <cstdint>

#include "samplers/box.h"
#include "samplers/chain_block.h"

namespace ebm::samplers {

// A step h of Heun's method for dx/dt = −r(t)·∇E(x), of order two, by two evaluations, which the
// caller makes: of the chains before each half.
//   y = x − h·r(t)·∇E(x);   x <- x − (h/2)·(r(t)·∇E(x) + r(t + h)·∇E(y)).
// Both halves return the first chain whose energy, gradient or new state is not finite, or −1.
// Source: Hairer, Nørsett, Wanner 1993, "Solving ordinary differential equations I".

/// x -> y; the memory of a momentum holds x − (h/2)·r(t)·∇E(x).
/// @param pull  h·r(t)
std::int64_t heun_predict(const ChainBlocks& chains, float pull);
/// y -> the new x.
/// @param pull  h·r(t + h)
/// @param box   clamps the new x; may be null
std::int64_t heun_correct(const ChainBlocks& chains, float pull, const Box* box = nullptr);

}  // namespace ebm::samplers
