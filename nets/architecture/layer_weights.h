#pragma once

#include <vector>

namespace ebm::nets {

/// Weights and biases as the layers use them, in order of use: weight [out, in, kh, kw] or [out,
/// in], then bias [out] where there is one; W/σ(W), σ = uᵀWv, where a layer is spectrally
/// normalised; weight, bias, running_mean and running_var [channels] of a batch norm.
using LayerWeights = std::vector<std::vector<float>>;

}  // namespace ebm::nets
