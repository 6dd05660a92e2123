#pragma once

#include <string>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// Up to which derivative an energy is continuous.
enum class Smoothness {
  kFirst,   ///< for losses of ∇ₓE
  kSecond,  ///< for losses of ∇ₓ²E
};

/// The first layer whose derivative jumps, by its path (layer_path()): relu, leaky_relu, and elu of
/// an alpha other than 1; up to the second one any elu. Empty if there is none, so that ∇ₓE is
/// continuous, or ∇ₓ²E. Where it is not, a loss of it has a part that its derivative almost
/// everywhere does not show.
std::string first_kink(const Architecture& net, Smoothness needed = Smoothness::kFirst);

/// @param what  that needs it, for the message: "objective = dsm"
/// @throws Error(kUsage) naming the layer with a kink and what would be right.
void require_smooth(const Architecture& net, const std::string& what,
                    Smoothness needed = Smoothness::kFirst);

}  // namespace ebm::nets
