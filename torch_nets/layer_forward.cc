#include "torch_nets/layer_forward.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/interruption.h"
#include "nets/architecture/condition.h"

namespace ebm::torch_nets {
namespace {
std::vector<float> to_values(const torch::Tensor& tensor) {
  const auto values = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

torch::Tensor apply(const nets::Conv2d& conv, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor weight = *pass.weights++;
  const torch::Tensor bias = conv.bias ? *pass.weights++ : torch::Tensor();
  const nets::Padding& pad = conv.padding;
  if (pad.top == pad.bottom && pad.left == pad.right) {
    return torch::conv2d(x, weight, bias, conv.stride, {pad.top, pad.left});
  }
  const auto padded = torch::constant_pad_nd(x, {pad.left, pad.right, pad.top, pad.bottom});
  return torch::conv2d(padded, weight, bias, conv.stride);
}

torch::Tensor apply(const nets::ConvTranspose2d& conv, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor weight = *pass.weights++;
  const torch::Tensor bias = conv.bias ? *pass.weights++ : torch::Tensor();
  const auto whole = torch::conv_transpose2d(x, weight, bias, conv.stride);
  const nets::Padding& pad = conv.padding;
  return whole.slice(2, pad.top, whole.size(2) - pad.bottom)
      .slice(3, pad.left, whole.size(3) - pad.right);
}

torch::Tensor apply(const nets::Linear& linear, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor weight = *pass.weights++;
  const torch::Tensor bias = linear.bias ? *pass.weights++ : torch::Tensor();
  return torch::linear(x.flatten(1), weight, bias).unsqueeze(2).unsqueeze(3);
}

torch::Tensor apply(const nets::Activation& activation, const torch::Tensor& x, LayerPass&) {
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
    case nets::ActivationKind::kTanh:
      return torch::tanh(x);
    case nets::ActivationKind::kScale:
      return activation.parameter * x;
  }
  return x;
}

/// (x − mean)/√(variance + epsilon) of each channel.
torch::Tensor normalise(const torch::Tensor& x, double epsilon, LayerPass& pass) {
  torch::Tensor mean = *pass.weights++;
  torch::Tensor variance = *pass.weights++;
  if (pass.statistics != nullptr) {
    mean = x.mean({0, 2, 3});
    variance = x.var({0, 2, 3}, /*unbiased=*/false);
    const auto count = static_cast<double>(x.size(0) * x.size(2) * x.size(3));
    pass.statistics->push_back(
        {mean.detach(), variance.detach() * (count / std::max(count - 1.0, 1.0))});
  }
  const auto channels = [](const torch::Tensor& each) { return each.reshape({1, -1, 1, 1}); };
  return (x - channels(mean)) * channels((variance + epsilon).rsqrt());
}

torch::Tensor apply(const nets::BatchNorm& norm, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor weight = *pass.weights++;
  const torch::Tensor bias = *pass.weights++;
  return normalise(x, norm.epsilon, pass) * weight.reshape({1, -1, 1, 1}) +
         bias.reshape({1, -1, 1, 1});
}

torch::Tensor apply(const nets::GroupNorm& norm, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor weight = *pass.weights++, bias = *pass.weights++;
  const auto groups = x.reshape({x.size(0), norm.groups, -1});
  const auto mean = groups.mean(2, /*keepdim=*/true);
  const auto variance = groups.var(2, /*unbiased=*/false, /*keepdim=*/true);
  const auto normal = (groups - mean) * (variance + norm.epsilon).rsqrt();
  return normal.reshape(x.sizes()) * weight.reshape({1, -1, 1, 1}) + bias.reshape({1, -1, 1, 1});
}

torch::Tensor apply(const nets::ChannelScale& scale, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor scaled = x * (*pass.weights++).reshape({1, -1, 1, 1});
  return scale.bias ? scaled + (*pass.weights++).reshape({1, -1, 1, 1}) : scaled;
}

torch::Tensor apply(const nets::Attention& attention, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor qkv = *pass.weights++, out = *pass.weights++, bias = *pass.weights++;
  const std::int64_t n = x.size(0);
  // Each [n, heads, width, places].
  const auto parts =
      torch::conv2d(x, qkv).reshape({n, 3, attention.heads, attention.width, -1}).unbind(1);
  const double scale = 1.0 / std::sqrt(static_cast<double>(attention.width));
  const auto shares = torch::matmul(parts[0].transpose(2, 3) * scale, parts[1]).softmax(3);
  const auto mixed = torch::matmul(parts[2], shares.transpose(2, 3));
  return torch::conv2d(mixed.reshape({n, -1, x.size(2), x.size(3)}), out, bias);
}

/// V·relu(U·z + a) + c, [n, channels, 1, 1].
torch::Tensor modulation(LayerPass& pass) {
  const torch::Tensor u = *pass.weights++, a = *pass.weights++;
  const torch::Tensor v = *pass.weights++, c = *pass.weights++;
  return torch::linear(torch::relu(torch::linear(pass.input.flatten(1), u, a)), v, c)
      .unsqueeze(2)
      .unsqueeze(3);
}

torch::Tensor apply(const nets::SelfModulatedBatchNorm& norm, const torch::Tensor& x,
                    LayerPass& pass) {
  const torch::Tensor gain = modulation(pass);
  const torch::Tensor shift = modulation(pass);
  return normalise(x, norm.epsilon, pass) * gain + shift;
}

/// (1 + γ)·x + β
torch::Tensor apply(const nets::Film&, const torch::Tensor& x, LayerPass& pass) {
  torch::Tensor scale, shift;
  if (pass.label.defined()) {
    scale = (*pass.weights++).index_select(0, pass.label);
    shift = (*pass.weights++).index_select(0, pass.label);
  }
  if (pass.level.defined()) {
    const torch::Tensor u = *pass.weights++, a = *pass.weights++;
    const torch::Tensor v = *pass.weights++, c = *pass.weights++;
    const auto both = torch::linear(torch::silu(torch::linear(pass.level, u, a)), v, c).chunk(2, 1);
    scale = scale.defined() ? scale + both[0] : both[0];
    shift = shift.defined() ? shift + both[1] : both[1];
  }
  const auto channels = [](const torch::Tensor& each) { return each.unsqueeze(2).unsqueeze(3); };
  return (1.0 + channels(scale)) * x + channels(shift);
}

torch::Tensor apply(const nets::Projection&, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor weight = *pass.weights++, bias = *pass.weights++;
  const torch::Tensor embed = (*pass.weights++).index_select(0, pass.label);
  const torch::Tensor h = x.flatten(1);
  const auto value = torch::linear(h, weight, bias) + (embed * h).sum(1, /*keepdim=*/true);
  return value.unsqueeze(2).unsqueeze(3);
}

torch::Tensor apply(const nets::ClassLogits&, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor logits = x.flatten(1);
  const std::int64_t n_classes = logits.size(1);
  const auto own = logits.gather(1, pass.label.clamp_max(n_classes - 1).unsqueeze(1)).squeeze(1);
  const auto energy = -torch::where(pass.label == n_classes, logits.logsumexp(1), own);
  return energy.reshape({-1, 1, 1, 1});
}

/// Of the network's input and a map of its shape.
torch::Tensor apply(const nets::InputEnergy& energy, const torch::Tensor& h, LayerPass& pass) {
  const torch::Tensor x = pass.input.flatten(1), flat = h.flatten(1);
  const bool is_product = energy.kind == nets::InputEnergyKind::kInnerProduct;
  const torch::Tensor terms = is_product ? -x * flat : 0.5 * (x - flat).square();
  return terms.sum(1).reshape({-1, 1, 1, 1});
}

torch::Tensor apply(const nets::AvgPool& pool, const torch::Tensor& x, LayerPass&) {
  return torch::avg_pool2d(x, pool.kernel, pool.stride);
}

torch::Tensor apply(const nets::SumPool&, const torch::Tensor& x, LayerPass&) {
  return x.sum({2, 3}, /*keepdim=*/true);
}

torch::Tensor apply(const nets::Flatten&, const torch::Tensor& x, LayerPass&) {
  return x.flatten(1).unsqueeze(2).unsqueeze(3);
}

torch::Tensor apply(const nets::Upsample& upsample, const torch::Tensor& x, LayerPass&) {
  return x.repeat_interleave(upsample.factor, 2).repeat_interleave(upsample.factor, 3);
}

torch::Tensor apply(const nets::Reshape& reshape, const torch::Tensor& x, LayerPass&) {
  const nets::Shape& shape = reshape.shape;
  return x.reshape({x.size(0), shape.channels, shape.height, shape.width});
}

torch::Tensor apply(const nets::Concat& concat, const torch::Tensor& x, LayerPass& pass) {
  return torch::cat({x, apply_layers(concat.body, x, pass)}, 1);
}

torch::Tensor apply(const nets::Residual& residual, const torch::Tensor& x, LayerPass& pass) {
  const torch::Tensor body = apply_layers(residual.body, x, pass);
  return body + apply_layers(residual.shortcut, x, pass);
}

}  // namespace

LayerPass pass_of(const nets::Architecture& architecture,
                  std::vector<torch::Tensor>::const_iterator weights, const torch::Tensor& x,
                  const torch::Tensor& context) {
  LayerPass pass{.weights = weights, .input = x};
  const std::int64_t dim = nets::context_dim(architecture), n = x.size(0);
  const bool has_shape =
      context.defined() && context.dim() == 2 && context.size(0) == n && context.size(1) == dim;
  if (!has_shape && (context.defined() || dim > 0)) {
    // The message for the wrong number of values; it throws unless the axes are wrong alone.
    const auto values = context.defined() ? to_values(context) : std::vector<float>();
    nets::require_context(architecture, values, n);
    throw Error(ErrorCode::kShape, "the context of a network must be [n, context_dim]");
  }
  if (dim == 0) return pass;
  if (context.is_cpu()) nets::require_context(architecture, to_values(context), n);
  if (architecture.classes > 0) pass.label = context.select(1, 0).to(torch::kInt64).to(x.device());
  if (architecture.noise_level) {
    const auto log_level = context.select(1, dim - 1).to(torch::kFloat64).log().unsqueeze(1);
    const auto angle = log_level * torch::tensor(at::ArrayRef<double>(nets::kLevelFrequencies),
                                                 log_level.options());
    pass.level = torch::cat({angle.sin(), angle.cos()}, 1).to(x.device(), x.scalar_type());
  }
  return pass;
}

torch::Tensor apply_layers(const std::vector<nets::Layer>& layers, torch::Tensor x,
                           LayerPass& pass) {
  for (const nets::Layer& layer : layers) {
    base::throw_if_interrupted();
    x = std::visit([&](const auto& op) { return apply(op, x, pass); }, layer.op);
  }
  return x;
}

}  // namespace ebm::torch_nets
