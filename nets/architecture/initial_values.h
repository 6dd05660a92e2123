#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nets/architecture/architecture.h"

namespace ebm::nets {

/// Initial values of a parameter, drawn from Philox: weights and biases U(−b, b), b = 1/√fan_in,
/// times init_scale, which is PyTorch's default for linear layers and convolutions; gains of
/// norms and scales init_scale; variance 1, mean 0; tables of classes 0. The vectors of a spectral
/// norm are normal numbers, not yet of length 1. The lengths g of a weight norm are init_scale·‖v‖
/// of its directions v, which are drawn as any weight.
/// @param index  of the parameter in parameters(): its stream
std::vector<float> initial_values(const Parameter& parameter, std::size_t index,
                                  std::uint64_t seed);

}  // namespace ebm::nets
