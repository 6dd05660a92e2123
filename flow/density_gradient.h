#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "flow/residual_flow.h"

namespace ebm::flow {

/// What estimates of log-determinants in training are made of: one probe of ±1 a row and block.
struct TrainingProbes {
  base::RandomKey key;
  std::uint64_t first_stream = 0;   ///< row i has stream first_stream + i
  std::span<const double> weights;  ///< of the terms (flow/log_determinant.h)
};

struct DensityGradient {
  std::vector<torch::Tensor> gradient;  ///< like ResidualFlow::tensors()
  std::vector<float> log_p;             ///< estimates of ln p(x_b) [n]
  double log_det = 0.0;                 ///< Σ_b of the blocks' part in them
};

/// Σ_b c_b·∂θ ln p(x_b) by weighted_log_det() of each block. No bit depends on n_threads.
/// @param rows          [n, dim]
/// @param coefficients  c [n]
DensityGradient density_gradient(const ResidualFlow& flow, std::span<const float> rows,
                                 std::span<const float> coefficients, const TrainingProbes& probes,
                                 int n_threads);

}  // namespace ebm::flow
