#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {

/// Levels of noise from 0.05 to 6.4, and contexts of such a level behind a label from 0 to 3.
struct LevelContexts {
  std::vector<float> levels, with_labels;  ///< [n], [n, 2]
  explicit LevelContexts(std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      levels.push_back(0.05f * std::pow(2.0f, static_cast<float>(i % 8)));
      with_labels.push_back(static_cast<float>(i % 4));
      with_labels.push_back(levels.back());
    }
  }
};

/// Contexts [n, context_dim] as a tensor; undefined where there are none.
inline torch::Tensor contexts_of(const std::vector<float>& context, std::int64_t n) {
  return context.empty() ? torch::Tensor() : tensor_of(context, std::ssize(context) / n);
}

/// What a formula for in_double() ends with: the gradient of the mean loss with respect to the
/// weights (0 for those that it does not depend on), that mean, and the mean energy.
/// @param losses, energies  of each row [n]
inline std::vector<torch::Tensor> step_values(const TorchNet& exact, const torch::Tensor& shares,
                                              const torch::Tensor& losses,
                                              const torch::Tensor& energies) {
  const auto loss = (shares * losses).mean();
  auto values = torch::autograd::grad({loss}, exact.trainable(), {}, /*retain_graph=*/true,
                                      /*create_graph=*/false, /*allow_unused=*/true);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
  }
  values.push_back(loss.detach());
  values.push_back((shares * energies).mean().detach());
  return values;
}

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
