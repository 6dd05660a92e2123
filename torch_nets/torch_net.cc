#include "torch_nets/torch_net.h"

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "nets/architecture/initial_values.h"
#include "torch_nets/layer_forward.h"
#include "torch_nets/tensor_file.h"

namespace ebm::torch_nets {
namespace {

constexpr int kInitialPowerIterations = 15;
constexpr double kTiny = 1e-12;

/// The child modules that a dotted name runs through, created where they do not exist yet. Returns
/// the last and leaves the tensor's own name in `name`.
torch::nn::Module& holder_of(torch::nn::Module& root, std::string& name) {
  torch::nn::Module* module = &root;
  for (auto dot = name.find('.'); dot != std::string::npos; dot = name.find('.')) {
    const std::string child = name.substr(0, dot);
    name.erase(0, dot + 1);
    const auto children = module->named_children();
    const auto* found = children.find(child);
    module = found != nullptr
                 ? found->get()
                 : module->register_module(child, std::make_shared<torch::nn::Module>(child)).get();
  }
  return *module;
}

torch::Tensor unit_vector(const torch::Tensor& vector) { return vector / (vector.norm() + kTiny); }

}  // namespace

TorchNet::TorchNet(const nets::Architecture& architecture, std::uint64_t seed,
                   nets::Outputs outputs)
    : architecture_(architecture) {
  create_tensors(outputs);
  initialise(seed);
}

TorchNet::TorchNet(const nets::Architecture& architecture, const nets::SafetensorsFile& file,
                   const std::string& origin, nets::Outputs outputs)
    : architecture_(architecture) {
  create_tensors(outputs);
  std::vector<std::string> names;
  for (const nets::Parameter& spec : specs_) names.push_back(spec.name);
  copy_entries(file, names, tensors_, origin, architecture_.name);
}

void TorchNet::create_tensors(nets::Outputs outputs) {
  nets::validate(architecture_, outputs);
  specs_ = nets::parameters(architecture_);
  for (const nets::Parameter& spec : specs_) {
    std::string name = spec.name;
    torch::nn::Module& holder = holder_of(*this, name);
    tensors_.push_back(spec.trainable() ? holder.register_parameter(name, torch::zeros(spec.shape))
                                        : holder.register_buffer(name, torch::zeros(spec.shape)));
  }
}

void TorchNet::initialise(std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const std::vector<float> values = nets::initial_values(specs_[i], i, seed);
    std::copy(values.begin(), values.end(), tensors_[i].data_ptr<float>());
    if (specs_[i].is_vector()) tensors_[i].copy_(unit_vector(tensors_[i]));
  }
  power_iteration(kInitialPowerIterations);
}

std::vector<torch::Tensor> TorchNet::trainable() const {
  std::vector<torch::Tensor> result;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (specs_[i].trainable()) result.push_back(tensors_[i]);
  }
  return result;
}

std::vector<std::string> TorchNet::trainable_names() const {
  std::vector<std::string> result;
  for (const auto& spec : specs_) {
    if (spec.trainable()) result.push_back(spec.name);
  }
  return result;
}

std::vector<torch::Tensor> TorchNet::layer_weights() const {
  std::vector<torch::Tensor> result;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!specs_[i].is_used()) continue;
    torch::Tensor weight = tensors_[i];
    if (specs_[i].kind == nets::ParameterKind::kWeight && specs_[i].spectral_norm) {
      // The buffers u and v follow their weight.
      const auto sigma = torch::dot(tensors_[i + 1], torch::mv(weight.flatten(1), tensors_[i + 2]));
      weight = weight / sigma;
    }
    if (specs_[i].kind == nets::ParameterKind::kWeight && specs_[i].weight_norm) {
      // The lengths follow their weight; those of its rows have their shape.
      const torch::Tensor& lengths = tensors_[i + 1];
      const auto norms = weight.flatten(1).norm(2, 1).reshape(lengths.sizes());
      weight = weight * (lengths / norms);
    }
    result.push_back(weight);
  }
  return result;
}

std::vector<torch::Tensor> TorchNet::frozen_weights() const {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> result = layer_weights();
  for (auto& weight : result) weight = weight.detach().clone();
  return result;
}

torch::Tensor TorchNet::forward_with(const std::vector<torch::Tensor>& layer_weights,
                                     const torch::Tensor& x, const torch::Tensor& context) const {
  return apply(architecture_.layers, layer_weights, x, context, nullptr).flatten();
}

torch::Tensor TorchNet::outputs_with(const std::vector<torch::Tensor>& layer_weights,
                                     const torch::Tensor& x, std::int64_t n_layers,
                                     const torch::Tensor& context) const {
  std::vector<nets::Layer> layers = architecture_.layers;
  if (n_layers >= 0) {
    layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(n_layers), layers.end());
  }
  return apply(layers, layer_weights, x, context, nullptr).flatten(1);
}

torch::Tensor TorchNet::batch_outputs(const torch::Tensor& x,
                                      std::vector<BatchStatistics>& statistics) const {
  return apply(architecture_.layers, layer_weights(), x, {}, &statistics).flatten(1);
}

torch::Tensor TorchNet::apply(const std::vector<nets::Layer>& layers,
                              const std::vector<torch::Tensor>& layer_weights,
                              const torch::Tensor& x, const torch::Tensor& context,
                              std::vector<BatchStatistics>* statistics) const {
  const nets::Shape& shape = architecture_.input;
  LayerPass pass =
      pass_of(architecture_, layer_weights.begin(), x.reshape({-1, shape.size()}), context);
  pass.statistics = statistics;
  return apply_layers(layers, x.reshape({-1, shape.channels, shape.height, shape.width}), pass);
}

void TorchNet::power_iteration(int n) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (specs_[i].kind != nets::ParameterKind::kWeight || !specs_[i].spectral_norm) continue;
    const torch::Tensor matrix = tensors_[i].flatten(1);
    for (int k = 0; k < n; ++k) {
      tensors_[i + 2].copy_(unit_vector(torch::mv(matrix.t(), tensors_[i + 1])));
      tensors_[i + 1].copy_(unit_vector(torch::mv(matrix, tensors_[i + 2])));
    }
  }
}

std::map<std::string, nets::TensorData, std::less<>> TorchNet::to_tensor_data() const {
  std::map<std::string, nets::TensorData, std::less<>> result;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    result.emplace(specs_[i].name, entry_of(tensors_[i]));
  }
  return result;
}

void TorchNet::copy_from(const TorchNet& other) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < tensors_.size(); ++i) tensors_[i].copy_(other.tensors_[i]);
}

std::vector<float> to_vector(const torch::Tensor& tensor) {
  const auto values = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const float* data = values.data_ptr<float>();
  return {data, data + values.numel()};
}

}  // namespace ebm::torch_nets
