#include "flow/residual_flow.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/float_mode.h"
#include "base/parallel.h"
#include "torch_nets/layer_forward.h"
#include "torch_nets/spectral_projection.h"
#include "torch_nets/tensor_file.h"
#include "torch_nets/torch_net.h"

namespace ebm::flow {
namespace {

constexpr int kFirstIterations = 50;   ///< of the norms of initial weights
constexpr int kCheckIterations = 100;  ///< of the norms of a file's weights
constexpr double kMinVariance = 1e-12;
constexpr std::size_t kNormTensors = 2;  ///< of an ActNorm: shift and log_scale

std::string name_of_vector(std::size_t k) { return "norm_vector." + std::to_string(k); }

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
  copy_from(file, origin);
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
    Block block{.net = architecture_.branch(index), .first = tensors_.size()};
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
    const auto layers = nets::weighted_layers(block.net);
    const auto bounds = architecture_.norm_bounds(index);
    std::size_t layer = 0;
    for (std::size_t i = 0; i < start.specs().size(); ++i) {
      if (start.specs()[i].kind == nets::ParameterKind::kWeight) {
        convolutions_.push_back({.block = index,
                                 .weight = tensors_.size(),
                                 .layer = layers[layer],
                                 .bound = bounds[layer],
                                 .vector = torch_nets::power_iteration_start(layers[layer])});
        ++layer;
      }
      add("branch." + start.specs()[i].name, start.tensors()[i]);
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
    tensors_[first + 1].copy_(-0.5 * (values.var(1, false) + kMinVariance).log());
    x = normalise(block, x);
    x = x + branch(block, x);
  }
}

double ResidualFlow::norm(std::size_t k, const torch::Tensor& weight, int n_iterations) {
  Convolution& at = convolutions_[k];
  return torch_nets::largest_singular_value(at.layer, weight, n_iterations, at.vector);
}

void ResidualFlow::project(int n_iterations, int n_threads) {
  for_each_convolution(n_threads, [&](std::size_t k) {
    const torch::Tensor& weight = tensors_[convolutions_[k].weight];
    const double sigma = norm(k, weight, n_iterations);
    const torch::NoGradGuard no_grad;
    if (sigma > convolutions_[k].bound) weight.mul_(convolutions_[k].bound / sigma);
  });
}

void ResidualFlow::for_each_convolution(int n_threads,
                                        const std::function<void(std::size_t)>& work) const {
  base::parallel_for(static_cast<std::int64_t>(convolutions_.size()), n_threads,
                     [&](std::int64_t k) {
                       const base::FlushDenormals flush;
                       work(static_cast<std::size_t>(k));
                     });
}

std::vector<double> ResidualFlow::lipschitz_constants(int n_iterations) const {
  std::vector<double> constants(blocks_.size(), 1.0);
  for (const Convolution& at : convolutions_) {
    torch::Tensor vector = at.vector;
    const double sigma =
        torch_nets::largest_singular_value(at.layer, tensors_[at.weight], n_iterations, vector);
    // The bound leaves out the slope of the activation before it.
    constants[static_cast<std::size_t>(at.block)] *= sigma * architecture_.coefficient / at.bound;
  }
  return constants;
}

ResidualFlow ResidualFlow::frozen(torch::Dtype type) const {
  ResidualFlow copy = *this;
  for (torch::Tensor& tensor : copy.tensors_) tensor = tensor.detach().to(type).clone();
  for (Convolution& at : copy.convolutions_) at.vector = at.vector.to(type).clone();
  return copy;
}

void ResidualFlow::copy_from(const nets::SafetensorsFile& file, const std::string& origin) {
  torch_nets::copy_entries(file, names_, tensors_, origin, "the flow");
}

void ResidualFlow::copy_from(const ResidualFlow& other) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < tensors_.size(); ++i) tensors_[i].copy_(other.tensors_[i]);
}

std::map<std::string, nets::TensorData, std::less<>> ResidualFlow::to_tensor_data() const {
  std::map<std::string, nets::TensorData, std::less<>> result;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    result.emplace(names_[i], torch_nets::entry_of(tensors_[i]));
  }
  return result;
}

nets::SafetensorsFile ResidualFlow::norm_vectors() const {
  nets::SafetensorsFile file;
  for (std::size_t k = 0; k < convolutions_.size(); ++k) {
    file.tensors.emplace(name_of_vector(k), torch_nets::entry_of(convolutions_[k].vector));
  }
  return file;
}

void ResidualFlow::restore_norm_vectors(const nets::SafetensorsFile& file,
                                        const std::string& origin) {
  for (std::size_t k = 0; k < convolutions_.size(); ++k) {
    torch::Tensor read = torch::empty_like(convolutions_[k].vector);
    torch_nets::copy_entry(file, name_of_vector(k), origin, read);
    convolutions_[k].vector = read;
  }
}

torch::Tensor squares_to_channels(const torch::Tensor& x) { return torch::pixel_unshuffle(x, 2); }
torch::Tensor channels_to_squares(const torch::Tensor& x) { return torch::pixel_shuffle(x, 2); }

}  // namespace ebm::flow
