#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gan/objectives/objective.h"
#include "nets/compiled/compiled_net.h"
#include "torch_nets/torch_net.h"

namespace ebm::gan {

/// The outputs of a critic on as many items of data as of a generator, with E = −d.
struct CriticValues {
  std::vector<float> energies;     ///< [2n], of the data, then of the samples
  std::vector<float> energy_grad;  ///< [n, dim] ∇ₓE at the samples

  /// The logits, of data and samples.
  std::vector<float> logits() const;
};

/// @param rows  [2n, dim], data first
CriticValues critic_values(const nets::CompiledNet& critic, std::span<const float> rows,
                           int n_threads);

/// A loss of a critic and its gradient.
struct CriticStep {
  double loss = 0.0;                    ///< with the gradient penalty
  std::vector<torch::Tensor> gradient;  ///< like TorchNet::trainable()
};

/// The critic's loss of an objective on a batch. Its gradient penalty is differentiated by double
/// backward.
/// @param compiled  the critic as it is, compiled
/// @param rows      [2n, dim], data first
/// @param mix       [n], u of a penalty between the items of a pair
CriticStep critic_step(const Objective& objective, const torch_nets::TorchNet& critic,
                       const nets::CompiledNet& compiled, std::span<const float> rows,
                       std::span<const float> mix, int n_threads);

/// The generator's loss of an objective.
struct GeneratorStep {
  double loss = 0.0;
  std::vector<float> vectors;  ///< [n, dim] ∂L/∂y of the samples y
};

/// @param dim  of an item
GeneratorStep generator_step(const Objective& objective, const CriticValues& values,
                             std::int64_t dim);

}  // namespace ebm::gan
