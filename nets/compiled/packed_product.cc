#include "nets/compiled/packed_product.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/require.h"

namespace ebm::nets {
namespace {

/// A batch norm of each channel: y = scale·x + shift.
struct ScaleShift {
  std::vector<float> scale, shift;
};

/// @param gain, bias  of the norm; null for 1 and 0
ScaleShift scale_shift_of(const std::vector<float>* gain, const std::vector<float>* bias,
                          const std::vector<float>& mean, const std::vector<float>& variance,
                          double epsilon) {
  ScaleShift result;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double scale =
        (gain == nullptr ? 1.0 : double{(*gain)[c]}) / std::sqrt(double{variance[c]} + epsilon);
    result.scale.push_back(static_cast<float>(scale));
    result.shift.push_back(
        static_cast<float>((bias == nullptr ? 0.0 : double{(*bias)[c]}) - scale * mean[c]));
  }
  return result;
}

/// @param take  gives the next weights, of a size and a name
template <class Take>
ScaleShift take_norm(const PlanOp& op, const Take& take) {
  const std::int64_t channels = op.out_shape.channels;
  const std::vector<float>* gain = nullptr;
  const std::vector<float>* bias = nullptr;
  if (op.kind != PlanOpKind::kModulate) {
    gain = &take(channels, "weight");
    bias = &take(channels, "bias");
  }
  const std::vector<float>& mean = take(channels, "running_mean");
  return scale_shift_of(gain, bias, mean, take(channels, "running_var"), op.norm_epsilon);
}

/// Scales the weights of each output channel: the second axis of a transposed convolution.
void scale_channels(const PlanOp& op, std::int64_t kernel, const std::vector<float>& scale,
                    std::vector<float>& weight) {
  const std::int64_t in = op.in_shape.channels, out = op.out_shape.channels;
  for (std::int64_t i = 0; i < in * out * kernel; ++i) {
    const std::int64_t channel = op.transposed ? i / kernel % out : i / (in * kernel);
    weight[static_cast<std::size_t>(i)] *= scale[static_cast<std::size_t>(channel)];
  }
}

template <class Take>
void pack(const PlanOp& op, const Take& take, PackedProduct& product) {
  const std::int64_t kernel = op.conv.kernel_height * op.conv.kernel_width;
  // Of the convolution, which a transposed layer runs from its output to its input.
  const Shape& in_shape = op.transposed ? op.out_shape : op.in_shape;
  const std::int64_t out = op.conv.out_channels, in = in_shape.channels;
  const std::vector<float>* weight = &take(out * in * kernel, "weight");
  if (op.conv.bias) product.bias = take(op.out_shape.channels, "bias");
  std::vector<float> scaled;
  if (op.norm_epsilon > 0.0) {
    const ScaleShift norm = take_norm(op, take);
    scaled = *weight;
    scale_channels(op, kernel, norm.scale, scaled);
    weight = &scaled;
    if (!op.conv.bias) product.bias.assign(norm.shift.size(), 0.0f);
    for (std::size_t c = 0; c < norm.shift.size(); ++c) {
      product.bias[c] = norm.scale[c] * product.bias[c] + norm.shift[c];
    }
  }
  const auto pack_into = [&](const std::optional<Winograd>& winograd, bool backwards,
                             std::vector<float>& packed) {
    if (winograd) {
      pack_winograd(*winograd, weight->data(), packed);
    } else if (backwards) {
      pack_backward(op.conv, in_shape, weight->data(), packed);
    } else {
      pack_forward(op.conv, in_shape, weight->data(), packed);
    }
  };
  pack_into(op.forward_winograd, op.transposed, product.forward);
  pack_into(op.backward_winograd, !op.transposed, product.backward);
  product.forward_block = kernel * op.in_shape.channels * kChannelBlock;
  product.backward_block = kernel * op.out_shape.channels * kChannelBlock;
}

}  // namespace

void pack_products(const Plan& plan, const LayerWeights& weights,
                   std::vector<PackedProduct>& products) {
  auto next = weights.begin();
  const auto take = [&](std::int64_t size, const char* what) -> const std::vector<float>& {
    if (next == weights.end()) {
      throw Error(ErrorCode::kShape, std::string(what) + " of a layer is missing");
    }
    // Its texts would be allocated for each layer of each iteration of training.
    if (next->size() != static_cast<std::size_t>(size)) {
      base::require_size(what, next->size(), size, "as the layer takes");
    }
    return *next++;
  };
  products.resize(plan.ops.size());
  for (std::size_t i = 0; i < plan.ops.size(); ++i) {
    const PlanOp& op = plan.ops[i];
    PackedProduct& product = products[i];
    if (op.kind == PlanOpKind::kProduct) {
      pack(op, take, product);
    } else if (op.norm_epsilon > 0.0) {
      ScaleShift norm = take_norm(op, take);
      product.forward = std::move(norm.scale);
      product.bias = std::move(norm.shift);
    }
  }
  if (next != weights.end()) {
    throw Error(ErrorCode::kShape, "there are more weights than the layers take");
  }
}

}  // namespace ebm::nets
