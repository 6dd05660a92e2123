#pragma once

#include "torch_nets/libtorch.h"

namespace ebm::flow {

/// What images in [−1, 1] go through before all blocks:
///   y = ln u − ln(1 − u),   u = α + (1 − 2α)·(x + 1)/2,
///   ln|dy/dx| = ln((1 − 2α)/2) − ln u − ln(1 − u).
/// Where many pixels are black or white their grey levels become as wide as the others together,
/// which a map of bounded slope cannot do. NaN where u is not between 0 and 1.
/// Source: Dinh, Sohl-Dickstein, Bengio 2017, "Density estimation using Real NVP", section 4.1;
/// α = 1e-6 on MNIST as of Chen et al. 2019, "Residual flows".
struct Logit {
  torch::Tensor y;        ///< like x
  torch::Tensor log_det;  ///< [n], over all values of an item
};
/// @param x      [n, ...]
/// @param alpha  α, from above 0 to below ½
Logit logit(const torch::Tensor& x, double alpha);
/// x of y.
torch::Tensor inverse_logit(const torch::Tensor& y, double alpha);

}  // namespace ebm::flow
