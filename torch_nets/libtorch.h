#pragma once

// What is used of LibTorch: tensors, gradients and modules that name their tensors. <torch/torch.h>
// is twice as much to compile.
#include <torch/autograd.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "torch_nets/libtorch.h"
