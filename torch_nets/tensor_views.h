#pragma once

#include <string>
#include <vector>

#include "torch_nets/libtorch.h"
#include "training/adam.h"
#include "training/tensor_views.h"

namespace ebm::torch_nets {

/// The values of float tensors on the CPU, where they lie. A tensor whose values do not lie in C
/// order is first replaced by a copy that does.
training::TensorViews views_of(std::vector<torch::Tensor>& tensors);
/// The same of tensors that lie in C order. @throws Error(kInternal) for others.
training::TensorViews values_of(const std::vector<torch::Tensor>& tensors);

/// Parameters for training::Adam, which steps their values where they lie.
/// @param names       one per tensor
/// @param parameters  on the CPU, in C order; they outlive the optimiser
std::vector<training::TrainedTensor> trained_tensors(const std::vector<std::string>& names,
                                                     const std::vector<torch::Tensor>& parameters);

}  // namespace ebm::torch_nets
