#include "gan/generator_pass.h"

#include <gtest/gtest.h>

#include <vector>

#include "nets/architecture/generator_presets.h"
#include "samplers/initial_states.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/libtorch.h"

namespace ebm::gan {
namespace {

constexpr std::int64_t kLatent = 6, kRows = 96;

std::vector<float> normals(std::int64_t n, std::uint64_t seed) {
  std::vector<float> rows(static_cast<std::size_t>(n));
  samplers::draw_initial_states({seed, base::Domain::kLatent}, 0, n, std::nullopt, rows);
  return rows;
}

/// Batch norms, plain and modulated by z, a transposed convolution, an upsampling. A bias before a
/// batch norm has a gradient of 0, and rounding: none there.
nets::Architecture small_generator() {
  return {.name = "g",
          .input = {kLatent, 1, 1},
          .layers = {nets::Linear{.out_features = 16}, nets::Reshape{{4, 2, 2}},
                     nets::SelfModulatedBatchNorm{.hidden = 5},
                     nets::Activation{nets::ActivationKind::kElu, 1.0},
                     nets::ConvTranspose2d{.out_channels = 3,
                                           .kernel_height = 4,
                                           .kernel_width = 4,
                                           .stride = 2,
                                           .padding = {1, 1, 1, 1},
                                           .bias = false},
                     nets::BatchNorm{}, nets::Upsample{2},
                     nets::Activation{nets::ActivationKind::kTanh, 0.0}}};
}

TEST(GeneratorPassTest, IsTheGradientThroughGroupsOf32) {
  const torch_nets::TorchNet net(small_generator(), 2, nets::Outputs::kAny);
  const auto latents = normals(kRows * kLatent, 1);
  GeneratorPass pass(net, latents, 2);
  const auto n_values = static_cast<std::int64_t>(pass.rows().size());
  ASSERT_EQ(n_values, kRows * 3 * 8 * 8);
  const auto vectors = normals(n_values, 2);
  const auto found = pass.gradient(vectors);

  const auto z = torch::tensor(latents, torch::kFloat64).reshape({kRows, kLatent});
  const auto v = torch::tensor(vectors, torch::kFloat64).reshape({kRows, -1});
  const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
    torch::Tensor sum = torch::zeros({}, torch::kFloat64);
    for (std::int64_t first = 0; first < kRows; first += 32) {
      const auto part = [&](const torch::Tensor& all) { return all.slice(0, first, first + 32); };
      std::vector<torch_nets::BatchStatistics> statistics;
      const auto out = exact.batch_outputs(part(z), statistics);
      sum = sum + (out * part(v) * part(shares).unsqueeze(1)).sum();
    }
    return torch::autograd::grad({sum}, exact.trainable());
  };
  torch_nets::expect_within_limits(found, torch_nets::in_double(net, kRows, formula));
}

TEST(GeneratorPassTest, ALossOfGroupsIsTheirMean) {
  const torch_nets::TorchNet net(small_generator(), 2, nets::Outputs::kAny);
  const auto latents = normals(kRows * kLatent, 1);
  GeneratorPass pass(net, latents, 2);
  const auto n_values = pass.rows().size();
  auto factor = torch::full({}, 2.0f).requires_grad_();
  const auto found = pass.gradient(
      std::vector<float>(n_values, 0.0f),
      [&](const torch::Tensor&, const torch::Tensor& items) { return factor * items.sum(); },
      {factor});
  // The mean of three groups, and of that the gradient to the weights and to the factor.
  const auto z = torch::tensor(latents, torch::kFloat64).reshape({kRows, kLatent});
  const auto formula = [&](const torch_nets::TorchNet& exact, const torch::Tensor& shares) {
    torch::Tensor mean = torch::zeros({}, torch::kFloat64);
    for (std::int64_t first = 0; first < kRows; first += 32) {
      std::vector<torch_nets::BatchStatistics> statistics;
      const auto out = exact.batch_outputs(z.slice(0, first, first + 32), statistics);
      mean = mean + (out * shares.slice(0, first, first + 32).unsqueeze(1)).sum() / 3.0;
    }
    auto values = torch::autograd::grad({2.0 * mean}, exact.trainable());
    values.push_back(mean);
    values.push_back(2.0 * mean);
    return values;
  };
  auto values = found.gradient;
  values.push_back(torch::tensor(found.loss, torch::kFloat64));
  torch_nets::expect_within_limits(values, torch_nets::in_double(net, kRows, formula));
}

TEST(GeneratorPassTest, BitsDoNotDependOnThreads) {
  const torch_nets::TorchNet net(nets::generator_preset("dcgan28", kLatent, {1, 28, 28}), 2,
                                 nets::Outputs::kAny);
  const auto latents = normals(kRows * kLatent, 1);
  GeneratorPass reference(net, latents, 1);
  const auto vectors = normals(static_cast<std::int64_t>(reference.rows().size()), 2);
  const auto rows = reference.rows();
  const auto expected = reference.gradient(vectors);
  // A matrix library that is not safe side by side shows itself now and then only.
  for (int turn = 0; turn < 5; ++turn) {
    for (const int n_threads : {2, 3}) {
      GeneratorPass pass(net, latents, n_threads);
      ASSERT_EQ(pass.rows(), rows);
      const auto found = pass.gradient(vectors);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_TRUE(torch::equal(found[i], expected[i])) << i;
      }
    }
  }
}

}  // namespace
}  // namespace ebm::gan
