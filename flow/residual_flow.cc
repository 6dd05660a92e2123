#include "flow/residual_flow.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "base/error.h"
#include "torch_nets/layer_forward.h"
#include "torch_nets/spectral_projection.h"
#include "torch_nets/torch_net.h"

namespace ebm::flow {
namespace {

constexpr int kFirstIterations = 50;   ///< of the norms of initial weights
constexpr int kCheckIterations = 100;  ///< of the norms of a file's weights
constexpr double kLeastVariance = 1e-12;
constexpr double kRounding = 1e-6;       ///< below which two norms are one
constexpr std::size_t kNormTensors = 2;  ///< of an ActNorm: shift and log_scale

std::string name_of_vector(std::size_t index) { return "norm_vector." + std::to_string(index); }

/// Copies an entry of a file into a tensor of that shape.
void copy_entry(const nets::SafetensorsFile& file, const std::string& name,
                const std::string& origin, const torch::Tensor& to) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) {
    throw Error(ErrorCode::kBadData, origin + ": tensor " + name + " is missing");
  }
  if (torch::IntArrayRef(found->second.shape) != to.sizes()) {
    throw Error(ErrorCode::kBadData,
                origin + ": tensor " + name + " has " + std::to_string(found->second.n_values()) +
                    " values, or another shape than is needed for " + std::to_string(to.numel()));
  }
  const auto values = found->second.as_floats();
  if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
    throw Error(ErrorCode::kBadData,
                origin + ": tensor " + name + " holds values that are not finite");
  }
  std::memcpy(to.data_ptr<float>(), values.data(), values.size_bytes());
}

torch::Tensor by_channel(const torch::Tensor& values) { return values.reshape({1, -1, 1, 1}); }

}  // namespace

ResidualFlow::ResidualFlow(const FlowArchitecture& architecture, std::uint64_t seed)
    : architecture_((architecture.validate(), architecture)) {
  create(seed);
  project(kFirstIterations);
}

ResidualFlow::ResidualFlow(const FlowArchitecture& architecture, const nets::SafetensorsFile& file,
                           const std::string& origin)
    : architecture_((architecture.validate(), architecture)) {
  create(0);
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    copy_entry(file, names_[i], origin, tensors_[i]);
  }
  if (file.tensors.size() != names_.size()) {
    for (const auto& [name, tensor] : file.tensors) {
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
        throw Error(ErrorCode::kBadData, origin + ": tensor " + name + " belongs to no block");
      }
    }
  }
  const auto constants = lipschitz_constants(kCheckIterations);
  for (std::size_t block = 0; block < constants.size(); ++block) {
    if (constants[block] < 1.0) continue;
    throw Error(ErrorCode::kBadData,
                origin + ": block " + std::to_string(block) + " has the Lipschitz constant " +
                    std::to_string(constants[block]) + "; it must be below 1 to have an inverse");
  }
}

void ResidualFlow::create(std::uint64_t seed) {
  for (std::int64_t index = 0; index < architecture_.n_blocks(); ++index) {
    Block block{.net = architecture_.branch(index),
                .first = tensors_.size(),
                .layers = {},
                .weights = {},
                .first_norm = norm_vectors_.size()};
    block.layers = nets::weighted_layers(block.net);
    const std::string prefix = "blocks." + std::to_string(index) + ".";
    const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
      names_.push_back(prefix + name);
      tensors_.push_back(tensor.detach().clone().requires_grad_());
    };
    add("norm.shift", torch::zeros({block.net.input.channels}));
    add("norm.log_scale", torch::zeros({block.net.input.channels}));
    // Blocks start from other numbers than each other.
    const torch_nets::TorchNet start(
        block.net, seed ^ (static_cast<std::uint64_t>(index + 1) << 40), nets::Outputs::kAny);
    for (std::size_t i = 0; i < start.specs().size(); ++i) {
      if (start.specs()[i].kind == nets::ParameterKind::kWeight) {
        block.weights.push_back(tensors_.size());
      }
      add("branch." + start.specs()[i].name, start.tensors()[i]);
    }
    for (const nets::WeightedLayer& layer : block.layers) {
      norm_vectors_.push_back(torch_nets::power_iteration_start(layer));
    }
    blocks_.push_back(std::move(block));
  }
}

torch::Tensor ResidualFlow::branch(std::int64_t block, const torch::Tensor& x) const {
  const Block& at = blocks_[static_cast<std::size_t>(block)];
  torch_nets::LayerPass pass{.weights = tensors_.begin() +
                                        static_cast<std::ptrdiff_t>(at.first + kNormTensors)};
  return torch_nets::apply_layers(at.net.layers, x, pass);
}

torch::Tensor ResidualFlow::normalise(std::int64_t block, const torch::Tensor& x) const {
  const std::size_t first = blocks_[static_cast<std::size_t>(block)].first;
  return (x + by_channel(tensors_[first])) * by_channel(tensors_[first + 1]).exp();
}

torch::Tensor ResidualFlow::denormalise(std::int64_t block, const torch::Tensor& x) const {
  const std::size_t first = blocks_[static_cast<std::size_t>(block)].first;
  return x * by_channel(-tensors_[first + 1]).exp() - by_channel(tensors_[first]);
}

Logit ResidualFlow::enter(const torch::Tensor& rows) const {
  const nets::Shape& item = architecture_.item;
  const torch::Tensor x = rows.reshape({-1, item.channels, item.height, item.width});
  if (architecture_.logit > 0.0) return logit(x, architecture_.logit);
  return {x, torch::zeros({x.size(0)}, x.options().requires_grad(false))};
}

ResidualFlow::Pass ResidualFlow::forward(const torch::Tensor& rows, const LogDet& log_det) const {
  auto [x, sum] = enter(rows);
  for (std::int64_t block = 0; block < architecture_.n_blocks(); ++block) {
    if (architecture_.squeezes_before(block)) x = squares_to_channels(x);
    x = normalise(block, x);
    const torch::Tensor& log_scale = tensors_[blocks_[static_cast<std::size_t>(block)].first + 1];
    sum = sum + static_cast<double>(x.size(2) * x.size(3)) * log_scale.sum();
    const torch::Tensor g = branch(block, x);
    sum = sum + log_det(block, x, g);
    x = x + g;
  }
  return {x.flatten(1), sum};
}

torch::Tensor ResidualFlow::forward(const torch::Tensor& rows) const {
  const torch::NoGradGuard no_grad;
  return forward(rows, [](std::int64_t, const torch::Tensor& x,
                          const torch::Tensor&) { return torch::zeros({x.size(0)}, x.options()); })
      .z;
}

torch::Tensor ResidualFlow::log_density(const torch::Tensor& x, const LogDet& log_det) const {
  const Pass pass = forward(x, log_det);
  const double constant =
      0.5 * static_cast<double>(architecture_.item.size()) * std::log(2.0 * std::numbers::pi);
  return pass.log_det - 0.5 * pass.z.square().sum(1) - constant;
}

void ResidualFlow::initialise_norms(const torch::Tensor& rows) {
  const torch::NoGradGuard no_grad;
  torch::Tensor x = enter(rows).y;
  for (std::int64_t block = 0; block < architecture_.n_blocks(); ++block) {
    if (architecture_.squeezes_before(block)) x = squares_to_channels(x);
    const auto values = x.transpose(0, 1).flatten(1);
    const std::size_t first = blocks_[static_cast<std::size_t>(block)].first;
    tensors_[first].copy_(-values.mean(1));
    tensors_[first + 1].copy_(-0.5 * (values.var(1, false) + kLeastVariance).log());
    x = normalise(block, x);
    x = x + branch(block, x);
  }
}

template <class F>
void ResidualFlow::for_each_convolution(const F& f) const {
  for (std::size_t index = 0; index < blocks_.size(); ++index) {
    const Block& block = blocks_[index];
    const auto bounds = architecture_.norm_bounds(static_cast<std::int64_t>(index));
    for (std::size_t k = 0; k < block.layers.size(); ++k) {
      f(block.weights[k], block.layers[k], bounds[k], block.first_norm + k);
    }
  }
}

void ResidualFlow::project(int n_iterations) {
  for_each_convolution(
      [&](std::size_t at, const nets::WeightedLayer& layer, double bound, std::size_t vector) {
        const double sigma = torch_nets::largest_singular_value(layer, tensors_[at], n_iterations,
                                                                norm_vectors_[vector]);
        const torch::NoGradGuard no_grad;
        if (sigma > bound) tensors_[at].mul_(bound / sigma);
      });
}

std::vector<torch::Tensor> ResidualFlow::free_tensors() const {
  std::vector<torch::Tensor> free = tensors_;
  for_each_convolution([&](std::size_t at, const auto&, double, std::size_t) {
    free[at] = free[at].detach().clone();
  });
  return free;
}

void ResidualFlow::pull_back(std::vector<torch::Tensor>& gradient,
                             const std::vector<torch::Tensor>& free) const {
  const torch::NoGradGuard no_grad;
  for_each_convolution(
      [&](std::size_t at, const nets::WeightedLayer& layer, double bound, std::size_t vector) {
        const double ratio = tensors_[at].norm().item<double>() / free[at].norm().item<double>();
        if (!(ratio < 1.0 - kRounding)) return;  // within its bound
        const auto steepest =
            torch_nets::singular_value_gradient(layer, tensors_[at], norm_vectors_[vector]);
        const double along = (gradient[at] * tensors_[at]).sum().item<double>() / bound;
        gradient[at] = ratio * (gradient[at] - along * steepest);
      });
}

void ResidualFlow::hold(const std::vector<torch::Tensor>& free, int n_iterations) {
  for_each_convolution([&](std::size_t at, const nets::WeightedLayer& layer, double bound,
                           std::size_t vector) {
    const double sigma =
        torch_nets::largest_singular_value(layer, free[at], n_iterations, norm_vectors_[vector]);
    const torch::NoGradGuard no_grad;
    tensors_[at].copy_(free[at] * std::min(1.0, bound / sigma));
  });
}

std::map<std::string, nets::TensorData, std::less<>> ResidualFlow::free_data(
    const std::vector<torch::Tensor>& free) const {
  std::map<std::string, nets::TensorData, std::less<>> result;
  for_each_convolution([&](std::size_t at, const auto&, double, std::size_t) {
    result.emplace(names_[at], nets::TensorData::from_floats(free[at].sizes().vec(),
                                                             torch_nets::to_vector(free[at])));
  });
  return result;
}

void ResidualFlow::restore_free(const nets::SafetensorsFile& file, const std::string& origin,
                                const std::vector<torch::Tensor>& free) const {
  for_each_convolution([&](std::size_t at, const auto&, double, std::size_t) {
    copy_entry(file, names_[at], origin, free[at]);
  });
}

std::vector<double> ResidualFlow::lipschitz_constants(int n_iterations) const {
  std::vector<double> constants;
  for (std::size_t index = 0; index < blocks_.size(); ++index) {
    const Block& block = blocks_[index];
    const auto bounds = architecture_.norm_bounds(static_cast<std::int64_t>(index));
    double constant = 1.0;
    for (std::size_t k = 0; k < block.layers.size(); ++k) {
      torch::Tensor vector = norm_vectors_[block.first_norm + k];
      const double sigma = torch_nets::largest_singular_value(
          block.layers[k], tensors_[block.weights[k]], n_iterations, vector);
      constant *= sigma * architecture_.coefficient / bounds[k];  // the activation's slope
    }
    constants.push_back(constant);
  }
  return constants;
}

ResidualFlow ResidualFlow::frozen(torch::Dtype type) const {
  ResidualFlow copy = *this;
  for (torch::Tensor& tensor : copy.tensors_) tensor = tensor.detach().to(type).clone();
  for (torch::Tensor& vector : copy.norm_vectors_) vector = vector.to(type).clone();
  return copy;
}

void ResidualFlow::copy_from(const ResidualFlow& other) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < tensors_.size(); ++i) tensors_[i].copy_(other.tensors_[i]);
}

std::map<std::string, nets::TensorData, std::less<>> ResidualFlow::to_tensor_data() const {
  std::map<std::string, nets::TensorData, std::less<>> result;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    result.emplace(names_[i], nets::TensorData::from_floats(tensors_[i].sizes().vec(),
                                                            torch_nets::to_vector(tensors_[i])));
  }
  return result;
}

std::map<std::string, nets::TensorData, std::less<>> ResidualFlow::norm_vector_data() const {
  std::map<std::string, nets::TensorData, std::less<>> result;
  for (std::size_t i = 0; i < norm_vectors_.size(); ++i) {
    result.emplace(name_of_vector(i),
                   nets::TensorData::from_floats(norm_vectors_[i].sizes().vec(),
                                                 torch_nets::to_vector(norm_vectors_[i])));
  }
  return result;
}

void ResidualFlow::restore_norm_vectors(const nets::SafetensorsFile& file,
                                        const std::string& origin) {
  for (std::size_t i = 0; i < norm_vectors_.size(); ++i) {
    torch::Tensor read = torch::empty_like(norm_vectors_[i]);
    copy_entry(file, name_of_vector(i), origin, read);
    norm_vectors_[i] = read;
  }
}

torch::Tensor squares_to_channels(const torch::Tensor& x) { return torch::pixel_unshuffle(x, 2); }
torch::Tensor channels_to_squares(const torch::Tensor& x) { return torch::pixel_shuffle(x, 2); }

}  // namespace ebm::flow
