#pragma once

#include <cstdint>
#include <vector>

#include "nets/architecture/layer_weights.h"
#include "nets/compiled/plan.h"

namespace ebm::nets {

/// The weights of one product, packed for its tiles, with the batch norm behind it in them and then
/// rounded to the precision of the plan; of a batch norm that stands alone and of a learned
/// scale, the scales and (as bias) shifts of the channels; of tables of classes, their rows side by
/// side.
struct PackedProduct {
  std::vector<float> forward, backward;  ///< of pairs of bfloat16: as bf16_pair() gives
  std::vector<float> bias;               ///< empty without one
  std::int64_t forward_block = 0, backward_block = 0;  ///< floats or pairs of a channel block
};

/// One per operation of the plan, empty for those without weights.
/// @param products  empty, or of the same plan: then their memory is used again
/// @throws Error(kShape) if the weights do not fit the plan.
void pack_products(const Plan& plan, const LayerWeights& weights,
                   std::vector<PackedProduct>& products);

}  // namespace ebm::nets
