#pragma once

#include <span>
#include <vector>

namespace ebm::training {

/// The values of some tensors, which live elsewhere.
using TensorViews = std::vector<std::span<float>>;

inline TensorViews views_of(std::vector<std::vector<float>>& tensors) {
  return {tensors.begin(), tensors.end()};
}

}  // namespace ebm::training
