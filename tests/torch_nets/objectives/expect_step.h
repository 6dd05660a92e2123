#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {

/// Holds the gradient and some means of a step to a formula in double precision, whose values are
/// the gradient and then these means: each within its limit, the gradient as a whole and the first
/// mean, which is the loss, within 1e-5.
inline void expect_step(const std::vector<std::vector<float>>& gradient,
                        const std::vector<double>& means, const TorchNet& net,
                        const InDouble& wanted) {
  auto values = tensors_of(gradient, net);
  double error = 0.0, size = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto difference = values[i].to(torch::kFloat64) - wanted.values[i];
    error += difference.square().sum().item<double>();
    size += wanted.values[i].square().sum().item<double>();
  }
  EXPECT_LT(std::sqrt(error), 1e-5 * std::sqrt(size));
  EXPECT_GT(size, 1e-8);  // not zero against zero
  const double loss = wanted.values[values.size()].item<double>();
  EXPECT_NEAR(means.front(), loss, 1e-5 * std::abs(loss));
  for (const double mean : means) values.push_back(torch::tensor(mean, torch::kFloat64));
  expect_within_limits(values, wanted);
}

}  // namespace ebm::torch_nets
