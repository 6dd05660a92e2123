#include "nets/packed_product.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/require.h"

namespace ebm::nets {

std::vector<PackedProduct> pack_products(const Plan& plan, const LayerWeights& weights) {
  auto next = weights.begin();
  const auto take = [&](std::int64_t size, const char* what) -> const std::vector<float>& {
    if (next == weights.end()) {
      throw Error(ErrorCode::kShape, std::string(what) + " of a layer is missing");
    }
    base::require_size(what, next->size(), size, "as the layer takes");
    return *next++;
  };
  std::vector<PackedProduct> products;
  for (const PlanOp& op : plan.ops) {
    PackedProduct product;
    if (op.kind == PlanOpKind::kProduct) {
      const std::int64_t kernel = op.conv.kernel_height * op.conv.kernel_width;
      const std::int64_t out = op.conv.out_channels, in = op.in_shape.channels;
      const std::vector<float>& weight = take(out * in * kernel, "weight");
      product.forward = op.forward_winograd ? pack_forward(*op.forward_winograd, weight.data())
                                            : pack_forward(op.conv, op.in_shape, weight.data());
      product.backward = op.backward_winograd ? pack_backward(*op.backward_winograd, weight.data())
                                              : pack_backward(op.conv, op.in_shape, weight.data());
      product.forward_block = kernel * in * kChannelBlock;
      product.backward_block = kernel * out * kChannelBlock;
      if (op.conv.bias) product.bias = take(out, "bias");
    }
    products.push_back(std::move(product));
  }
  if (next != weights.end()) {
    throw Error(ErrorCode::kShape, "there are more weights than the layers take");
  }
  return products;
}

}  // namespace ebm::nets
