#pragma once

#include <cstdint>
#include <vector>

#include "flow/residual_flow.h"

namespace ebm::flow {

/// How one block was inverted.
struct BlockInverse {
  double lipschitz = 0.0;             ///< L, of its g
  std::int64_t bound_iterations = 0;  ///< the least n with Lⁿ/(1 − L)·‖x₁ − x₀‖ <= tolerance
  std::int64_t iterations = 0;  ///< made; fewer, where steps shrink faster than by L
  double error_bound = 0.0;     ///< on ‖x − x_n‖, of the worst row, in what the block takes
};

struct Inverse {
  torch::Tensor x;                   ///< [n, dim]
  std::vector<BlockInverse> blocks;  ///< in the order of F
};

/// x = F⁻¹(z), block after block from the last: x₀ = y, x_{k+1} = y − g(x_k), until
/// L/(1 − L)·‖x_k − x_{k−1}‖, which bounds the error, is at most the tolerance, or so many steps
/// are made that Lⁿ/(1 − L)·‖x₁ − x₀‖ is.
/// @param z          [n, dim], of the flow's precision
/// @param lipschitz  of each block, below 1
/// @param tolerance  on the Euclidean error of a row that one block adds
/// Source: Behrmann et al. 2019, algorithm 1 and lemma 2.
Inverse invert(const ResidualFlow& flow, const torch::Tensor& z,
               const std::vector<double>& lipschitz, double tolerance);

}  // namespace ebm::flow
