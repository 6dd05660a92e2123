#pragma once

#include <cstdint>

#include "nets/architecture/architecture.h"
#include "nets/architecture/layer_weights.h"

namespace ebm::nets {

/// PyTorch's initial weights of linear layers and convolutions, U(−b, b) with b = 1/√fan_in; a
/// batch norm has weight 1, bias U(−b, b), mean 0 and variance 1; a table of classes is drawn as
/// the weight of a linear layer would be. Where only time matters, as in a benchmark: they do not
/// make a network ready to be trained.
LayerWeights drawn_weights(const Architecture& architecture, std::uint64_t seed);

}  // namespace ebm::nets
