#pragma once

#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// A layer with a weight, and the shape that it takes.
struct WeightedLayer {
  Layer layer;
  Shape input;
};

/// The convolutions, transposed convolutions and linear layers in the order of parameters(): body
/// before shortcut. Those inside of self-modulated batch norms are left out.
/// @throws Error(kShape) as infer_shapes().
std::vector<WeightedLayer> weighted_layers(const Architecture& architecture);

}  // namespace ebm::nets
