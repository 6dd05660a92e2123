#pragma once

#include <vector>

#include "torch_nets/libtorch.h"

namespace ebm {

/// One estimate of an objective on a batch of data x⁺ and one of negatives x⁻, and its gradient.
struct ObjectiveStep {
  double energy_data;     ///< mean E(x⁺)
  double energy_samples;  ///< mean E(x⁻)
  double loss;
  std::vector<torch::Tensor> gradient;  ///< like TorchNet::trainable()
  std::vector<float> energies;          ///< E(x⁺) [B], then E(x⁻) [B]
};

}  // namespace ebm
