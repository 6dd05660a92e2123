#pragma once

#include <vector>

namespace ebm::nets {

/// Weights and biases as the layers use them, in order of use: weight [out, in, kh, kw] or [out,
/// in], then bias [out] where there is one; W/σ(W), σ = uᵀWv, where a layer is spectrally
/// normalised, g·v/‖v‖ where it has a weight norm; weight, bias, running_mean and running_var
/// [channels] of a batch norm; of a film class_scale and class_shift [classes + 1, channels], then
/// the weights and biases of its level's network; weight, bias and embed [classes + 1, n] of a
/// projection; weight and bias [channels] of a group norm, weight and perhaps bias of a channel
/// scale; qkv, then weight and bias of `out` of an attention.
using LayerWeights = std::vector<std::vector<float>>;

}  // namespace ebm::nets
