#pragma once

#include <string>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// The first layer whose derivative jumps, by its path (layer_path()): relu, leaky_relu, and elu of
/// an alpha other than 1. Empty if there is none, so that ∇ₓE is continuous. Where it is not, a
/// loss of ∇ₓE has a part that its derivative almost everywhere does not show.
std::string first_kink(const Architecture& net);

/// @param what  that needs it, for the message: "objective = dsm"
/// @throws Error(kUsage) naming the layer with a kink and what would be right.
void require_smooth(const Architecture& net, const std::string& what);

}  // namespace ebm::nets
