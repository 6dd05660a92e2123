#pragma once

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// The network with a noise level σ: E(x, σ). A film comes after each layer with a weight but the
/// last; films that are there already read the level too. It starts as a network in which the level
/// changes nothing.
/// @throws Error(kUsage) if it has a noise level already, or no layer that a film could follow.
Architecture with_noise_level(Architecture net);

}  // namespace ebm::nets
