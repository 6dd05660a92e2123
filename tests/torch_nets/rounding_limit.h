#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/random.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// What a formula gives in double precision, and how far single precision may be from it.
struct InDouble {
  std::vector<torch::Tensor> values;
  std::vector<double> limits;  ///< the largest difference of an entry, one for each of the values
};

/// The largest difference of an entry.
inline double largest_difference(const torch::Tensor& found, const torch::Tensor& expected) {
  return (found.to(torch::kFloat64) - expected).abs().max().item<double>();
}

/// Weights off by the relative errors that single precision makes of the products they are in,
/// signs at random: ±(√n + 8)·u, u = 2⁻²⁴, n the number of products that are summed up.
inline std::vector<torch::Tensor> with_rounding_errors(const std::vector<torch::Tensor>& weights,
                                                       std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  base::RandomStream signs({.seed = seed}, 0);
  double size = 0x1p-24 * 9.0;
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& weight : weights) {
    // [out, in, ...] or [in, out, ...]; one is n forwards and the other backwards. Biases and norms
    // are added to such sums.
    if (weight.dim() > 1) {
      const std::int64_t n = weight.numel() / std::min(weight.size(0), weight.size(1));
      size = 0x1p-24 * (std::sqrt(static_cast<double>(n)) + 8.0);
    }
    auto factor = torch::empty(weight.sizes(), torch::kFloat64);
    for (std::int64_t i = 0; i < factor.numel(); ++i) {
      factor.data_ptr<double>()[i] = signs.next_uniform() < 0.5f ? 1.0 - size : 1.0 + size;
    }
    result.push_back((weight.to(torch::kFloat64) * factor).requires_grad_(weight.requires_grad()));
  }
  return result;
}

/// A formula of the weights of a network, in double precision. The limits come from that alone, and
/// so are the same whatever library, processor or SIMD target computes the thing in single
/// precision.
///
/// A sum of n products in single precision is, in whatever order it is added up, the exact sum of
/// the same products with weights w·(1 + θ), where |θ| ≤ n·u, and where errors are as good as
/// random |θ| ≤ λ·√n·u with a probability of 1 − 2·exp(−λ²/2) (Higham & Mary 2019, A new approach
/// to probabilistic rounding error analysis, SIAM J. Sci. Comput. 41). What lies between two
/// products, activations above all, is taken for another 8 roundings. So what is found is what the
/// exact formula gives of weights that are off by about (√n + 8)·u, and by how much it may be off
/// is what such weights, with signs at random, make of it: four times the largest change of three
/// draws.
inline InDouble in_double(
    const std::vector<torch::Tensor>& weights,
    const std::function<std::vector<torch::Tensor>(const std::vector<torch::Tensor>&)>& formula) {
  std::vector<torch::Tensor> exact;
  for (const torch::Tensor& weight : weights) {
    exact.push_back(weight.detach().to(torch::kFloat64).requires_grad_(weight.requires_grad()));
  }
  InDouble result;
  for (const torch::Tensor& value : formula(exact)) result.values.push_back(value.detach());
  result.limits.resize(result.values.size());
  for (std::uint64_t draw = 0; draw < 3; ++draw) {
    const std::vector<torch::Tensor> other = formula(with_rounding_errors(exact, draw));
    for (std::size_t i = 0; i < other.size(); ++i) {
      const auto change = (other[i].detach() - result.values[i]).abs().max().item<double>();
      result.limits[i] = std::max(result.limits[i], 4.0 * change);
    }
  }
  return result;
}

/// Likewise of a network whose parameters and buffers are in double precision.
/// @param formula  takes the network and the shares [n_rows] of the rows in sums over them, which
///                 are 1 but for rounding
inline InDouble in_double(
    const TorchNet& net, std::int64_t n_rows,
    const std::function<std::vector<torch::Tensor>(const TorchNet&, const torch::Tensor&)>&
        formula) {
  TorchNet copy(net.architecture(), 0, nets::Outputs::kAny);
  copy.to(torch::kFloat64);
  std::vector<torch::Tensor> all = net.tensors();
  all.push_back(torch::ones({n_rows, 1}));
  return in_double(all, [&](const std::vector<torch::Tensor>& weights) {
    {
      const torch::NoGradGuard no_grad;
      for (std::size_t i = 0; i < copy.tensors().size(); ++i) {
        copy.tensors()[i].copy_(weights[i]);
      }
    }
    return formula(copy, weights.back().flatten());
  });
}

/// Expects each of the found values to be within its limit.
inline void expect_within_limits(const std::vector<torch::Tensor>& found,
                                 const InDouble& expected) {
  ASSERT_EQ(found.size(), expected.values.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_LE(largest_difference(found[i], expected.values[i]), expected.limits[i]) << i;
  }
}

}  // namespace ebm::torch_nets
