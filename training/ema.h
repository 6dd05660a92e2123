#pragma once

#include <cstdint>
#include <vector>

#include "torch_nets/torch_net.h"

namespace ebm::training {

/// θ̄ <- d·θ̄ + (1 − d)·θ for every trainable tensor, d = min(decay, (1 + t)/(10 + t)), so that the
/// first iterations, which start from noise, are soon forgotten. Buffers of spectral norms are
/// copied.
/// @param iteration  t, the number of iterations made, 1 after the first
void update_average(const torch_nets::TorchNet& net, std::int64_t iteration, double decay,
                    torch_nets::TorchNet& average);

/// The same of tensors, all of which are trained.
void update_average(const std::vector<torch::Tensor>& tensors, std::int64_t iteration, double decay,
                    const std::vector<torch::Tensor>& average);

}  // namespace ebm::training
