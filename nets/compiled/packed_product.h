#pragma once

#include <cstdint>
#include <vector>

#include "nets/compiled/plan.h"

namespace ebm::nets {

/// Weights and biases as the layers use them, in order of use: weight [out, in, kh, kw] or [out,
/// in], then bias [out] where there is one; W/σ(W), σ = uᵀWv, where a layer is spectrally
/// normalised; weight, bias, running_mean and running_var [channels] of a batch norm.
using LayerWeights = std::vector<std::vector<float>>;

/// The weights of one product, packed for its tiles and with the batch norm behind it in them; of a
/// batch norm that stands alone, the scales and (as bias) shifts of the channels.
struct PackedProduct {
  std::vector<float> forward, backward;
  std::vector<float> bias;                             ///< empty without one
  std::int64_t forward_block = 0, backward_block = 0;  ///< floats of a channel block
};

/// One an operation of the plan, empty for those without weights.
/// @throws Error(kShape) if the weights do not fit the plan.
std::vector<PackedProduct> pack_products(const Plan& plan, const LayerWeights& weights);

}  // namespace ebm::nets
