#include "flow/free_weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/flow/example_flows.h"
#include "tests/nets/expect_error.h"

namespace ebm::flow {
namespace {
using nets::expect_error;

TEST(FreeWeightsTest, BackwardIsTheGradientThroughTheProjection) {
  ResidualFlow flow = bent_images().frozen(torch::kFloat64);
  FreeWeights free(flow);
  const torch::NoGradGuard no_grad;
  // L = Σ ⟨G, W(V)⟩ along a direction of V, from 1.7 times the projected weights.
  std::vector<torch::Tensor> gradient, direction;
  for (std::size_t i = 0; i < free.tensors().size(); ++i) {
    const torch::Tensor& tensor = free.tensors()[i];
    const auto draw = [&](std::uint64_t stream) {
      return normal_rows(1, tensor.numel(), stream).to(torch::kFloat64).reshape(tensor.sizes());
    };
    gradient.push_back(draw(200 + i));
    direction.push_back(torch::zeros_like(tensor));
  }
  for (const auto& at : flow.convolutions()) {
    const torch::Tensor& tensor = free.tensors()[at.weight];
    direction[at.weight] =
        normal_rows(1, tensor.numel(), 300 + at.weight).to(torch::kFloat64).reshape(tensor.sizes());
    tensor.mul_(1.7);
  }
  const auto loss_at = [&](double step) {
    for (const auto& at : flow.convolutions()) {
      free.tensors()[at.weight].add_(direction[at.weight], step);
    }
    free.project(flow, 3000);
    double sum = 0.0;
    for (const auto& at : flow.convolutions()) {
      free.tensors()[at.weight].add_(direction[at.weight], -step);
      sum += (gradient[at.weight] * flow.tensors()[at.weight]).sum().item<double>();
    }
    return sum;
  };
  const double wanted = (loss_at(1e-5) - loss_at(-1e-5)) / 2e-5;
  loss_at(0.0);
  for (const double constant : flow.lipschitz_constants(1)) EXPECT_NEAR(constant, 0.729, 1e-6);
  auto back = gradient;
  free.backward(flow, back);
  double found = 0.0;
  for (std::size_t i = 0; i < back.size(); ++i) {
    found += (back[i] * direction[i]).sum().item<double>();
  }
  EXPECT_NEAR(found, wanted, 1e-5 * std::abs(wanted));
  // Within their bounds they are the weights.
  for (const auto& at : flow.convolutions()) free.tensors()[at.weight].mul_(0.3);
  free.project(flow, 10);
  back = gradient;
  free.backward(flow, back);
  for (std::size_t i = 0; i < back.size(); ++i) EXPECT_TRUE(back[i].equal(gradient[i]));
}

TEST(FreeWeightsTest, AreTheSameAfterAFile) {
  const ResidualFlow flow = bent_images();
  const FreeWeights free(flow);
  const torch::NoGradGuard no_grad;
  for (const auto& at : flow.convolutions()) free.tensors()[at.weight].mul_(1.7);
  const nets::SafetensorsFile file = free.file(flow);
  EXPECT_EQ(file.tensors.size(), flow.convolutions().size());
  FreeWeights read(flow);
  read.restore(flow, file, "f");
  for (std::size_t i = 0; i < free.tensors().size(); ++i) {
    EXPECT_TRUE(read.tensors()[i].equal(free.tensors()[i])) << flow.names()[i];
  }
  // What has no bound is the flow's own.
  EXPECT_TRUE(read.tensors()[0].is_same(flow.tensors()[0]));
  auto other = file;
  other.tensors.erase("blocks.1.branch.3.weight");
  expect_error(ErrorCode::kBadData, "f: tensor blocks.1.branch.3.weight is missing",
               [&] { read.restore(flow, other, "f"); });
}

}  // namespace
}  // namespace ebm::flow
