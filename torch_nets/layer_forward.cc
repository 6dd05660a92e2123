#include "torch_nets/layer_forward.h"

namespace ebm::torch_nets {
namespace {
namespace F = torch::nn::functional;
using WeightIterator = std::vector<torch::Tensor>::const_iterator;

torch::Tensor apply(const nets::Conv2d& conv, const torch::Tensor& x, WeightIterator& weights) {
  const torch::Tensor weight = *weights++;
  const torch::Tensor bias = conv.bias ? *weights++ : torch::Tensor();
  const nets::Padding& pad = conv.padding;
  if (pad.top == pad.bottom && pad.left == pad.right) {
    return torch::conv2d(x, weight, bias, conv.stride, {pad.top, pad.left});
  }
  const auto padded = torch::constant_pad_nd(x, {pad.left, pad.right, pad.top, pad.bottom});
  return torch::conv2d(padded, weight, bias, conv.stride);
}

torch::Tensor apply(const nets::Linear& linear, const torch::Tensor& x, WeightIterator& weights) {
  const torch::Tensor weight = *weights++;
  const torch::Tensor bias = linear.bias ? *weights++ : torch::Tensor();
  return torch::linear(x.flatten(1), weight, bias).unsqueeze(2).unsqueeze(3);
}

torch::Tensor apply(const nets::Activation& activation, const torch::Tensor& x, WeightIterator&) {
  switch (activation.kind) {
    case nets::ActivationKind::kSilu:
      return torch::silu(x);
    case nets::ActivationKind::kRelu:
      return torch::relu(x);
    case nets::ActivationKind::kLeakyRelu:
      return torch::leaky_relu(x, activation.parameter);
    case nets::ActivationKind::kElu:
      return torch::elu(x, activation.parameter);
    case nets::ActivationKind::kSoftplus:
      return torch::softplus(x, activation.parameter);
  }
  return x;
}

torch::Tensor apply(const nets::AvgPool& pool, const torch::Tensor& x, WeightIterator&) {
  return torch::avg_pool2d(x, pool.kernel, pool.stride);
}

torch::Tensor apply(const nets::SumPool&, const torch::Tensor& x, WeightIterator&) {
  return x.sum({2, 3}, /*keepdim=*/true);
}

torch::Tensor apply(const nets::Flatten&, const torch::Tensor& x, WeightIterator&) {
  return x.flatten(1).unsqueeze(2).unsqueeze(3);
}

torch::Tensor apply(const nets::Residual& residual, const torch::Tensor& x,
                    WeightIterator& weights) {
  const torch::Tensor body = apply_layers(residual.body, x, weights);
  return body + apply_layers(residual.shortcut, x, weights);
}

}  // namespace

torch::Tensor apply_layers(const std::vector<nets::Layer>& layers, torch::Tensor x,
                           WeightIterator& weights) {
  for (const nets::Layer& layer : layers) {
    x = std::visit([&](const auto& op) { return apply(op, x, weights); }, layer.op);
  }
  return x;
}

}  // namespace ebm::torch_nets
