#pragma once

#include <optional>
#include <span>

#include "samplers/box.h"

namespace ebm::samplers {

/// Share of values at the wall of the box (or beyond it), from 0 to 1; 0 without a box and for no
/// values.
double saturation(std::span<const float> values, const std::optional<Box>& box);

}  // namespace ebm::samplers
