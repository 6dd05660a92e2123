#pragma once

// What is used of LibTorch: tensors, gradients and modules that name their tensors. <torch/torch.h>
// takes a third longer to compile, and half as long again to read once compiled.
#include <torch/autograd.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
