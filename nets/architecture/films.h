#pragma once

#include <vector>

#include "nets/architecture/layer.h"

namespace ebm::nets {

/// Inserts a film after every layer with a weight, also in both branches of residual layers, behind
/// the group norm if one follows, and behind other group norms; except after the last one, whose
/// output is the energy. Those that have one keep it.
/// @return how many layers have a film then
int add_films(std::vector<Layer>& layers);

}  // namespace ebm::nets
