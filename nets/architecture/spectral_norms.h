#pragma once

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// The same network with a spectral norm on every convolution and every linear layer.
/// @throws Error(kUsage) naming a transposed convolution, a film, a projection, a group norm, a
///         channel scale or an attention, which have none, or a layer with a weight norm.
Architecture with_spectral_norms(Architecture architecture);

}  // namespace ebm::nets
