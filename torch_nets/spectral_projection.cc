#include "torch_nets/spectral_projection.h"

#include <algorithm>
#include <functional>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "nets/architecture/layer_tree.h"
#include "torch_nets/layer_forward.h"

namespace ebm::torch_nets {
namespace {

/// The layer alone, without what is not linear in its input.
nets::Layer linear_part(nets::Layer layer) {
  if (auto* conv = std::get_if<nets::Conv2d>(&layer.op)) {
    conv->bias = conv->spectral_norm = conv->weight_norm = false;
  }
  if (auto* conv = std::get_if<nets::ConvTranspose2d>(&layer.op)) conv->bias = false;
  if (auto* linear = std::get_if<nets::Linear>(&layer.op)) {
    linear->bias = linear->spectral_norm = linear->weight_norm = false;
  }
  return layer;
}

torch::Tensor unit(const torch::Tensor& x) { return x / x.norm().clamp_min(1e-30); }

/// A start that no singular vector is likely to be orthogonal to.
torch::Tensor start_of(const std::vector<std::int64_t>& shape, torch::Dtype type) {
  auto start = torch::empty(shape);
  base::RandomStream random({.seed = 0, .domain = base::Domain::kPowerIteration}, 0);
  for (std::int64_t i = 0; i < start.numel(); ++i) {
    start.data_ptr<float>()[i] = static_cast<float>(random.next_normal());
  }
  return unit(start.to(type));
}

double power_iterations(torch::Tensor& v, int n,
                        const std::function<torch::Tensor(const torch::Tensor&)>& apply) {
  for (int i = 0; i < n; ++i) {
    const torch::AutoGradMode with_grad(true);
    const auto leaf = v.detach().requires_grad_();
    const auto image = apply(leaf);
    // The gradient of ½‖Av‖² is AᵀAv.
    v = unit(torch::autograd::grad({image}, {leaf}, {image.detach()})[0]);
  }
  const torch::NoGradGuard no_grad;
  return apply(v).norm().item<double>();
}

}  // namespace

double largest_singular_value(const nets::WeightedLayer& layer, const torch::Tensor& weight,
                              NormOf norm, int n_iterations) {
  if (norm == NormOf::kMatrix) {
    const auto matrix = weight.detach().flatten(1);
    auto v = start_of({matrix.size(1)}, weight.scalar_type());
    return power_iterations(v, n_iterations,
                            [&](const torch::Tensor& at) { return torch::mv(matrix, at); });
  }
  auto v = power_iteration_start(layer).to(weight.scalar_type());
  return largest_singular_value(layer, weight, n_iterations, v);
}

double largest_singular_value(const nets::WeightedLayer& layer, const torch::Tensor& weight,
                              int n_iterations, torch::Tensor& vector) {
  const std::vector<nets::Layer> layers{linear_part(layer.layer)};
  const std::vector<torch::Tensor> weights{weight.detach()};
  return power_iterations(vector, n_iterations, [&](const torch::Tensor& v) {
    LayerPass pass{.weights = weights.begin()};
    return apply_layers(layers, v, pass);
  });
}

torch::Tensor singular_value_gradient(const nets::WeightedLayer& layer, const torch::Tensor& weight,
                                      const torch::Tensor& vector) {
  const torch::AutoGradMode with_grad(true);
  const std::vector<nets::Layer> layers{linear_part(layer.layer)};
  const std::vector<torch::Tensor> weights{weight.detach().requires_grad_()};
  LayerPass pass{.weights = weights.begin()};
  const auto norm = apply_layers(layers, vector, pass).norm();
  return torch::autograd::grad({norm}, {weights.front()})[0];
}

torch::Tensor power_iteration_start(const nets::WeightedLayer& layer) {
  const nets::Shape& in = layer.input;
  return start_of({1, in.channels, in.height, in.width}, torch::kFloat32);
}

void require_projectable(const TorchNet& net) {
  if (nets::has_kind<nets::Attention, nets::GroupNorm, nets::ChannelScale>(
          net.architecture().layers)) {
    throw Error(
        ErrorCode::kUsage,
        net.architecture().name +
            ": has attention, group_norm or channel_scale, whose norm no projection bounds; "
            "a projection takes convolutions and linear layers");
  }
  for (const auto& spec : net.specs()) {
    if (spec.kind != nets::ParameterKind::kWeight) continue;
    if (!spec.spectral_norm && !spec.weight_norm) continue;
    throw Error(ErrorCode::kUsage,
                net.architecture().name + ": " + spec.name + " has a " +
                    (spec.spectral_norm ? "spectral" : "weight") +
                    " norm within the network already; a projection is instead of it");
  }
}

void project_norms(const TorchNet& net, NormOf norm, double bound, int n_iterations) {
  require_projectable(net);
  const auto layers = nets::weighted_layers(net.architecture());
  std::size_t next = 0;
  for (std::size_t i = 0; i < net.specs().size(); ++i) {
    if (net.specs()[i].kind != nets::ParameterKind::kWeight) continue;
    const torch::Tensor& weight = net.tensors()[i];
    const double sigma = largest_singular_value(layers.at(next++), weight, norm, n_iterations);
    const torch::NoGradGuard no_grad;
    if (sigma > bound) weight.mul_(bound / sigma);
  }
}

}  // namespace ebm::torch_nets
