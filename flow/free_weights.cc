#include "flow/free_weights.h"

#include <algorithm>

#include "torch_nets/spectral_projection.h"
#include "torch_nets/tensor_file.h"

namespace ebm::flow {
namespace {

constexpr double kRounding = 1e-6;  ///< below which two norms are one

}  // namespace

FreeWeights::FreeWeights(const ResidualFlow& flow) : tensors_(flow.tensors()) {
  for (const ResidualFlow::Convolution& at : flow.convolutions()) {
    tensors_[at.weight] = tensors_[at.weight].detach().clone();
  }
}

void FreeWeights::project(ResidualFlow& flow, int n_iterations, int n_threads) const {
  flow.for_each_convolution(n_threads, [&](std::size_t k) {
    const ResidualFlow::Convolution& at = flow.convolutions()[k];
    const torch::Tensor& free = tensors_[at.weight];
    const double sigma = flow.norm(k, free, n_iterations);
    const torch::NoGradGuard no_grad;
    flow.tensors()[at.weight].copy_(free * std::min(1.0, at.bound / sigma));
  });
}

void FreeWeights::backward(const ResidualFlow& flow, std::vector<torch::Tensor>& gradient) const {
  const torch::NoGradGuard no_grad;
  for (const ResidualFlow::Convolution& at : flow.convolutions()) {
    const torch::Tensor& weight = flow.tensors()[at.weight];
    const double ratio = weight.norm().item<double>() / tensors_[at.weight].norm().item<double>();
    if (!(ratio < 1.0 - kRounding)) continue;  // within its bound
    torch::Tensor& g = gradient[at.weight];
    const auto steepest = torch_nets::singular_value_gradient(at.layer, weight, at.vector);
    g = ratio * (g - (g * weight).sum().item<double>() / at.bound * steepest);
  }
}

nets::SafetensorsFile FreeWeights::file(const ResidualFlow& flow) const {
  nets::SafetensorsFile file;
  for (const ResidualFlow::Convolution& at : flow.convolutions()) {
    file.tensors.emplace(flow.names()[at.weight], torch_nets::entry_of(tensors_[at.weight]));
  }
  return file;
}

void FreeWeights::restore(const ResidualFlow& flow, const nets::SafetensorsFile& file,
                          const std::string& origin) {
  for (const ResidualFlow::Convolution& at : flow.convolutions()) {
    torch_nets::copy_entry(file, flow.names()[at.weight], origin, tensors_[at.weight]);
  }
}

}  // namespace ebm::flow
