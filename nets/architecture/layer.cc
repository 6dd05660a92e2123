#include "nets/architecture/layer.h"

#include <cmath>
#include <initializer_list>

#include "base/error.h"

namespace ebm::nets {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& problem) {
  throw Error(ErrorCode::kShape, path + ": " + problem);
}

// The product of positive sizes, or 0 if it is above kMaxSize.
std::int64_t bounded_product(std::initializer_list<std::int64_t> sizes) {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes) {
    if (size > kMaxSize / product) return 0;
    product *= size;
  }
  return product;
}

void require_at_least(std::int64_t least, std::int64_t value, const char* field,
                      const std::string& path) {
  if (value < least || value > kMaxSize) {
    fail(path, std::string(field) + " is " + std::to_string(value) + ", must be at least " +
                   std::to_string(least) + " and at most 2^40");
  }
}

void require_init_scale(double init_scale, const std::string& path) {
  if (!std::isfinite(init_scale) || init_scale < 0.0) {
    fail(path, "init_scale is " + std::to_string(init_scale) + ", must be finite and at least 0");
  }
}

template <class Weighted>
void require_one_norm(const Weighted& layer, const std::string& path) {
  if (layer.spectral_norm && layer.weight_norm) {
    fail(path, "has spectral_norm and weight_norm; a weight takes one of them");
  }
}

// Windows of `kernel` over `size` values, the padding counted in.
std::int64_t n_windows(std::int64_t size, std::int64_t kernel, std::int64_t stride,
                       const char* direction, const Shape& input, const std::string& path) {
  if (kernel > size) {
    fail(path, std::string("kernel ") + direction + " is " + std::to_string(kernel) +
                   ", but the input " + to_string(input) + " has only " + std::to_string(size) +
                   " with its padding; use a smaller kernel, more padding or less stride before");
  }
  return (size - kernel) / stride + 1;
}

void require_norm(double epsilon, const std::string& path) {
  if (!std::isfinite(epsilon) || epsilon <= 0.0) {
    fail(path, "epsilon is " + std::to_string(epsilon) + ", must be finite and above 0");
  }
}

struct ShapeRule {
  const Shape& input;
  const std::string& path;
  int depth;

  /// The fields that convolutions and transposed ones have in common.
  template <class Conv>
  void require_convolution(const Conv& conv) const {
    require_at_least(1, conv.out_channels, "out_channels", path);
    require_at_least(1, conv.kernel_height, "kernel height", path);
    require_at_least(1, conv.kernel_width, "kernel width", path);
    require_at_least(1, conv.stride, "stride", path);
    const Padding& pad = conv.padding;
    for (const std::int64_t side : {pad.top, pad.bottom, pad.left, pad.right}) {
      require_at_least(0, side, "padding", path);
    }
    require_init_scale(conv.init_scale, path);
    if (bounded_product(
            {conv.out_channels, input.channels, conv.kernel_height, conv.kernel_width}) == 0) {
      fail(path, "the weight has more than 2^40 values");
    }
  }

  Shape operator()(const Conv2d& conv) const {
    require_convolution(conv);
    require_one_norm(conv, path);
    return {conv.out_channels,
            n_windows(input.height + conv.padding.top + conv.padding.bottom, conv.kernel_height,
                      conv.stride, "height", input, path),
            n_windows(input.width + conv.padding.left + conv.padding.right, conv.kernel_width,
                      conv.stride, "width", input, path)};
  }

  Shape operator()(const ConvTranspose2d& conv) const {
    require_convolution(conv);
    const Padding& pad = conv.padding;
    return {conv.out_channels,
            transposed_size(input.height, conv.kernel_height, conv.stride, pad.top + pad.bottom,
                            "height"),
            transposed_size(input.width, conv.kernel_width, conv.stride, pad.left + pad.right,
                            "width")};
  }

  std::int64_t transposed_size(std::int64_t size, std::int64_t kernel, std::int64_t stride,
                               std::int64_t padding, const char* direction) const {
    if (bounded_product({size, stride}) == 0) fail(path, "the output has more than 2^40 values");
    const std::int64_t whole = (size - 1) * stride + kernel;
    if (padding >= whole) {
      fail(path, std::string("padding cuts off ") + std::to_string(padding) + " of a " + direction +
                     " of " + std::to_string(whole) + "; it must leave something");
    }
    return whole - padding;
  }

  void require_flat(const char* type) const {
    if (input.height != 1 || input.width != 1) {
      fail(path, "the input is " + to_string(input) + ", but " + type +
                     " takes a flat one; put a flatten layer before it");
    }
  }

  Shape operator()(const Linear& linear) const {
    require_at_least(1, linear.out_features, "out_features", path);
    require_init_scale(linear.init_scale, path);
    require_one_norm(linear, path);
    require_flat("linear");
    if (bounded_product({linear.out_features, input.channels}) == 0) {
      fail(path, "the weight has more than 2^40 values");
    }
    return {linear.out_features, 1, 1};
  }

  Shape operator()(const Activation& activation) const {
    const bool has_parameter =
        activation.kind == ActivationKind::kLeakyRelu || activation.kind == ActivationKind::kElu ||
        activation.kind == ActivationKind::kSoftplus || activation.kind == ActivationKind::kScale;
    if (!has_parameter && activation.parameter != 0.0) {
      fail(path, "parameter is " + std::to_string(activation.parameter) + ", but it has none");
    }
    if (!std::isfinite(activation.parameter)) fail(path, "its parameter must be finite");
    if (activation.kind == ActivationKind::kSoftplus && activation.parameter <= 0.0) {
      fail(path, "beta is " + std::to_string(activation.parameter) + ", must be above 0");
    }
    return input;
  }

  Shape operator()(const BatchNorm& norm) const {
    require_norm(norm.epsilon, path);
    return input;
  }

  Shape operator()(const SelfModulatedBatchNorm& norm) const {
    require_norm(norm.epsilon, path);
    require_at_least(1, norm.hidden, "hidden", path);
    if (bounded_product({input.channels, norm.hidden}) == 0) {
      fail(path, "the weight has more than 2^40 values");
    }
    return input;
  }

  Shape operator()(const GroupNorm& norm) const {
    require_norm(norm.epsilon, path);
    require_at_least(1, norm.groups, "groups", path);
    if (input.channels % norm.groups != 0) {
      fail(path, "groups is " + std::to_string(norm.groups) + ", but the input " +
                     to_string(input) + " has " + std::to_string(input.channels) +
                     " channels; it must divide them");
    }
    return input;
  }

  Shape operator()(const ChannelScale& scale) const {
    if (!std::isfinite(scale.init)) fail(path, "init must be finite");
    return input;
  }

  Shape operator()(const Attention& attention) const {
    require_at_least(1, attention.heads, "heads", path);
    require_at_least(1, attention.width, "width", path);
    const std::int64_t places = input.height * input.width;
    if (bounded_product({3, attention.heads, attention.width, input.channels}) == 0) {
      fail(path, "the weight has more than 2^40 values");
    }
    if (bounded_product({3, attention.heads, attention.width, places}) == 0) {
      fail(path, "queries, keys and values are more than 2^40");
    }
    if (bounded_product({attention.heads, places, places}) == 0) {
      fail(path, "the shares of " + std::to_string(places) +
                     " places of each other are more than "
                     "2^40 values; use it on a smaller map");
    }
    return input;
  }

  Shape operator()(const Film& film) const {
    require_at_least(1, film.hidden, "hidden", path);
    if (bounded_product({2, input.channels, film.hidden}) == 0) {
      fail(path, "the weight has more than 2^40 values");
    }
    return input;
  }

  Shape operator()(const Projection&) const {
    require_flat("projection");
    return {1, 1, 1};
  }

  Shape operator()(const ClassLogits&) const {
    require_flat("class_logits");
    return {1, 1, 1};
  }

  // That the input is of the shape of the network's is checked where that is known.
  Shape operator()(const InputEnergy&) const { return {1, 1, 1}; }

  Shape operator()(const AvgPool& pool) const {
    require_at_least(1, pool.kernel, "kernel", path);
    require_at_least(1, pool.stride, "stride", path);
    return {input.channels,
            n_windows(input.height, pool.kernel, pool.stride, "height", input, path),
            n_windows(input.width, pool.kernel, pool.stride, "width", input, path)};
  }

  Shape operator()(const SumPool&) const { return {input.channels, 1, 1}; }

  Shape operator()(const Upsample& upsample) const {
    require_at_least(1, upsample.factor, "factor", path);
    if (bounded_product({input.size(), upsample.factor, upsample.factor}) == 0) {
      fail(path, "the output has more than 2^40 values");
    }
    return {input.channels, input.height * upsample.factor, input.width * upsample.factor};
  }

  Shape operator()(const Flatten&) const { return {input.size(), 1, 1}; }

  Shape operator()(const Reshape& reshape) const {
    const Shape& shape = reshape.shape;
    for (const std::int64_t size : {shape.channels, shape.height, shape.width}) {
      require_at_least(1, size, "shape", path);
    }
    if (input.height != 1 || input.width != 1 ||
        bounded_product({shape.channels, shape.height, shape.width}) != input.channels) {
      fail(path, "the input is " + to_string(input) + ", but " + to_string(shape) +
                     " takes a flat one of as many values");
    }
    return shape;
  }

  void require_depth() const {
    if (depth >= kMaxNesting) {
      fail(path, "residual and concat layers are nested more than " + std::to_string(kMaxNesting) +
                     " deep");
    }
  }

  Shape operator()(const Concat& concat) const {
    require_depth();
    const Shape body = output_shape(concat.body, input, path + ".body.", depth + 1);
    if (body.height != input.height || body.width != input.width) {
      fail(path, "the input is " + to_string(input) + " but body gives " + to_string(body) +
                     "; their channels are joined, height and width must be equal");
    }
    return {input.channels + body.channels, input.height, input.width};
  }

  Shape operator()(const Residual& residual) const {
    require_depth();
    const Shape body = output_shape(residual.body, input, path + ".body.", depth + 1);
    const Shape shortcut = output_shape(residual.shortcut, input, path + ".shortcut.", depth + 1);
    if (body != shortcut) {
      fail(path, "body gives " + to_string(body) + " but shortcut gives " + to_string(shortcut) +
                     (residual.shortcut.empty() ? " (empty: its input)" : "") +
                     "; they are added and must be equal");
    }
    return body;
  }
};

struct TypeName {
  std::string operator()(const Conv2d&) const { return "conv2d"; }
  std::string operator()(const ConvTranspose2d&) const { return "conv_transpose2d"; }
  std::string operator()(const Linear&) const { return "linear"; }
  std::string operator()(const Activation& activation) const {
    switch (activation.kind) {
      case ActivationKind::kSilu:
        return "silu";
      case ActivationKind::kRelu:
        return "relu";
      case ActivationKind::kLeakyRelu:
        return "leaky_relu";
      case ActivationKind::kElu:
        return "elu";
      case ActivationKind::kSoftplus:
        return "softplus";
      case ActivationKind::kTanh:
        return "tanh";
      case ActivationKind::kScale:
        return "scale";
    }
    throw Error(ErrorCode::kInternal, "an activation of unknown kind");
  }
  std::string operator()(const BatchNorm&) const { return "batch_norm"; }
  std::string operator()(const SelfModulatedBatchNorm&) const {
    return "self_modulated_batch_norm";
  }
  std::string operator()(const GroupNorm&) const { return "group_norm"; }
  std::string operator()(const ChannelScale&) const { return "channel_scale"; }
  std::string operator()(const Attention&) const { return "attention"; }
  std::string operator()(const Film&) const { return "film"; }
  std::string operator()(const Projection&) const { return "projection"; }
  std::string operator()(const ClassLogits&) const { return "class_logits"; }
  std::string operator()(const InputEnergy& energy) const {
    return energy.kind == InputEnergyKind::kInnerProduct ? "inner_product" : "squared_distance";
  }
  std::string operator()(const AvgPool&) const { return "avg_pool"; }
  std::string operator()(const SumPool&) const { return "sum_pool"; }
  std::string operator()(const Upsample&) const { return "upsample"; }
  std::string operator()(const Flatten&) const { return "flatten"; }
  std::string operator()(const Reshape&) const { return "reshape"; }
  std::string operator()(const Concat&) const { return "concat"; }
  std::string operator()(const Residual&) const { return "residual"; }
};

}  // namespace

bool Concat::operator==(const Concat& other) const { return body == other.body; }

bool Residual::operator==(const Residual& other) const {
  return body == other.body && shortcut == other.shortcut;
}

std::string to_string(const Shape& shape) {
  return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
         std::to_string(shape.width);
}

std::string type_name(const Layer& layer) { return std::visit(TypeName{}, layer.op); }

std::string layer_path(const std::string& prefix, std::size_t index, const Layer& layer) {
  return prefix + std::to_string(index) + " (" + type_name(layer) + ")";
}

Shape output_shape(const Layer& layer, const Shape& input, const std::string& path, int depth) {
  if (input.channels < 1 || input.height < 1 || input.width < 1) {
    fail(path, "the input is " + to_string(input) + ", but every size must be at least 1");
  }
  if (bounded_product({input.channels, input.height, input.width}) == 0) {
    fail(path, "the input " + to_string(input) + " has more than 2^40 values");
  }
  const Shape output = std::visit(ShapeRule{input, path, depth}, layer.op);
  if (bounded_product({output.channels, output.height, output.width}) == 0) {
    fail(path, "the output " + to_string(output) + " has more than 2^40 values");
  }
  return output;
}

Shape output_shape(const std::vector<Layer>& layers, const Shape& input, const std::string& prefix,
                   int depth) {
  Shape shape = input;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    shape = output_shape(layers[i], shape, layer_path(prefix, i, layers[i]), depth);
  }
  return shape;
}

}  // namespace ebm::nets
