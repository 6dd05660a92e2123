#include "nets/compiled/packed_product.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/require.h"
#include "nets/compiled/amx_bf16.h"
#include "nets/compiled/bf16.h"

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

/// Weights of the tiles that multiply pairs: as pack_forward() or pack_backward(), with two
/// channels of the input, or backwards of the output, in one number (bf16_pair()).
void pack_pairs(const Conv2d& conv, const Shape& in, std::int64_t n_pairs, bool backwards,
                const float* weight, std::vector<float>& packed) {
  const std::int64_t kernel = conv.kernel_height * conv.kernel_width;
  // [outer][summed][inner], of which `summed` is halved.
  const std::int64_t outer = backwards ? 1 : conv.out_channels;
  const std::int64_t summed = backwards ? conv.out_channels : in.channels;
  const std::int64_t inner = backwards ? in.channels * kernel : kernel;
  std::vector<float> pairs(static_cast<std::size_t>(outer * n_pairs * inner));
  for (std::int64_t i = 0; i < outer; ++i) {
    for (std::int64_t k = 0; k < summed; k += 2) {
      const float* first = weight + (i * summed + k) * inner;
      float* to = pairs.data() + (i * n_pairs + k / 2) * inner;
      for (std::int64_t j = 0; j < inner; ++j) {
        to[j] = bf16_pair(first[j], k + 1 < summed ? first[inner + j] : 0.0f);
      }
    }
  }
  if (!backwards) {
    return pack_forward(conv, {n_pairs, in.height, in.width}, pairs.data(), packed);
  }
  Conv2d halved = conv;
  halved.out_channels = n_pairs;
  pack_backward(halved, in, pairs.data(), packed);
}

template <class Take>
void pack(const PlanOp& op, Precision precision, const Take& take, PackedProduct& product) {
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
  if (precision == Precision::kBfloat16) {
    if (weight != &scaled) scaled = *weight;
    for (float& each : scaled) each = bf16_rounded(each);
    weight = &scaled;
  }
  const auto pack_into = [&](const std::optional<Winograd>& winograd, std::int64_t n_pairs,
                             bool amx, bool backwards, std::vector<float>& packed) {
    if (winograd) {
      pack_winograd(*winograd, weight->data(), packed);
    } else if (amx) {
      std::vector<float> pairs;
      pack_pairs(op.conv, in_shape, n_pairs, backwards, weight->data(), pairs);
      const Shape& to = backwards == op.transposed ? op.out_shape : op.in_shape;
      pack_tiles(pairs, to.channels, n_pairs, packed);
    } else if (n_pairs > 0) {
      pack_pairs(op.conv, in_shape, n_pairs, backwards, weight->data(), packed);
    } else if (backwards) {
      pack_backward(op.conv, in_shape, weight->data(), packed);
    } else {
      pack_forward(op.conv, in_shape, weight->data(), packed);
    }
  };
  pack_into(op.forward_winograd, op.forward_pairs, op.forward_amx, op.transposed, product.forward);
  pack_into(op.backward_winograd, op.backward_pairs, op.backward_amx, !op.transposed,
            product.backward);
  const auto block = [&](std::int64_t n_pairs, std::int64_t n_channels) {
    return kernel * (n_pairs > 0 ? n_pairs : n_channels) * kChannelBlock;
  };
  product.forward_block = block(op.forward_pairs, op.in_shape.channels);
  product.backward_block = block(op.backward_pairs, op.out_shape.channels);
}

/// The tables side by side: [labels][tables][channels].
template <class Take>
void pack_tables(const PlanOp& op, const Take& take, PackedProduct& product) {
  const std::int64_t labels = op.in_shape.channels, width = op.out_shape.channels;
  const std::int64_t channels = width / op.n_tables;
  product.forward.resize(static_cast<std::size_t>(labels * width));
  for (std::int64_t table = 0; table < op.n_tables; ++table) {
    const std::vector<float>& values = take(labels * channels, "table of classes");
    for (std::int64_t i = 0; i < labels * channels; ++i) {
      product.forward[static_cast<std::size_t>(i / channels * width + table * channels +
                                               i % channels)] = values[static_cast<std::size_t>(i)];
    }
  }
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
      pack(op, plan.precision, take, product);
    } else if (op.kind == PlanOpKind::kTableRows) {
      pack_tables(op, take, product);
    } else if (op.norm_epsilon > 0.0) {
      ScaleShift norm = take_norm(op, take);
      product.forward = std::move(norm.scale);
      product.bias = std::move(norm.shift);
    } else if (op.kind == PlanOpKind::kScaleShift) {
      const std::int64_t channels = op.out_shape.channels;
      product.forward = take(channels, "weight");
      product.bias.assign(static_cast<std::size_t>(channels), 0.0f);
      if (op.channel_scale.bias) product.bias = take(channels, "bias");
    }
  }
  if (next != weights.end()) {
    throw Error(ErrorCode::kShape, "there are more weights than the layers take");
  }
}

}  // namespace ebm::nets
