#pragma once

#include <memory>
#include <string>

#include "samplers/energy.h"

namespace ebm::app {

/// The analytic energy that --energy names: toy:NAME[,dim=D].
///   double-well  E = 2·Σ(x² − 1)², dim 1 unless told otherwise
///   8gaussians   eight Gaussians on the unit circle, dim 2
/// @throws Error(kUsage) naming the words and what would be right.
std::shared_ptr<const samplers::Energy> toy_energy(const std::string& words);

}  // namespace ebm::app
