#include "torch_nets/tensor_views.h"

#include "base/error.h"

namespace ebm::torch_nets {

training::TensorViews views_of(std::vector<torch::Tensor>& tensors) {
  for (torch::Tensor& tensor : tensors) tensor = tensor.contiguous();
  return values_of(tensors);
}

training::TensorViews values_of(const std::vector<torch::Tensor>& tensors) {
  training::TensorViews views;
  for (const torch::Tensor& tensor : tensors) {
    if (!tensor.is_contiguous() || !tensor.device().is_cpu() ||
        tensor.scalar_type() != torch::kFloat32) {
      throw Error(ErrorCode::kInternal, "a tensor has no floats on the CPU in C order");
    }
    views.emplace_back(tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
  }
  return views;
}

std::vector<training::TrainedTensor> trained_tensors(const std::vector<std::string>& names,
                                                     const std::vector<torch::Tensor>& parameters) {
  const training::TensorViews values = values_of(parameters);
  std::vector<training::TrainedTensor> found;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    found.push_back({names[i], parameters[i].sizes().vec(), values[i]});
  }
  return found;
}

}  // namespace ebm::torch_nets
