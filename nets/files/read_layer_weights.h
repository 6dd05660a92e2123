#pragma once

#include <string>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"
#include "nets/files/safetensors.h"

namespace ebm::nets {

/// The weights of a network, taken from a file that holds its parameters by name.
/// @param origin  name of the file, for messages
/// @throws Error(kBadData) naming a tensor that is missing, has another shape, is not finite,
///         belongs to no layer, has a spectral norm of 0 or, under a weight norm, a row of 0.
LayerWeights read_layer_weights(const Architecture& architecture, const SafetensorsFile& file,
                                const std::string& origin);

}  // namespace ebm::nets
