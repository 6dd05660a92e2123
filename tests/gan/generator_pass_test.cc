#include "gan/generator_pass.h"

#include <gtest/gtest.h>

#include <vector>

#include "nets/architecture/generator_presets.h"
#include "samplers/initial_states.h"
#include "torch_nets/libtorch.h"

namespace ebm::gan {
namespace {

constexpr std::int64_t kLatent = 6, kRows = 96;

std::vector<float> normals(std::int64_t n, std::uint64_t seed) {
  std::vector<float> rows(static_cast<std::size_t>(n));
  samplers::draw_initial_states({seed, base::Domain::kLatent}, 0, n, std::nullopt, rows);
  return rows;
}

/// Batch norms, plain and modulated by z, a transposed convolution, an upsampling.
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
                                           .padding = {1, 1, 1, 1}},
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

  const auto z = torch::tensor(latents).reshape({kRows, kLatent});
  const auto v = torch::tensor(vectors).reshape({kRows, -1});
  torch::Tensor sum = torch::zeros({});
  for (std::int64_t first = 0; first < kRows; first += 32) {
    std::vector<torch_nets::BatchStatistics> statistics;
    const auto out = net.batch_outputs(z.slice(0, first, first + 32), statistics);
    sum = sum + (out * v.slice(0, first, first + 32)).sum();
  }
  const auto expected = torch::autograd::grad({sum}, net.trainable());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double scale = expected[i].abs().max().item<double>() + 1e-3;
    EXPECT_LT((found[i] - expected[i]).abs().max().item<double>(), 1e-4 * scale) << i;
  }
}

TEST(GeneratorPassTest, ALossOfGroupsIsTheirMean) {
  const torch_nets::TorchNet net(small_generator(), 2, nets::Outputs::kAny);
  const auto latents = normals(kRows * kLatent, 1);
  GeneratorPass pass(net, latents, 2), plain(net, latents, 2);
  const auto n_values = pass.rows().size();
  auto factor = torch::full({}, 2.0f).requires_grad_();
  const auto found = pass.gradient(
      std::vector<float>(n_values, 0.0f),
      [&](const torch::Tensor&, const torch::Tensor& items) { return factor * items.sum(); },
      {factor});
  double sum = 0.0;
  for (const float each : plain.rows()) sum += each;
  EXPECT_NEAR(found.loss, 2.0 * sum / 3.0, 1e-3);  // three groups
  // As vectors of 2/3 everywhere; and of the factor itself, the mean of the sums.
  const auto expected = plain.gradient(std::vector<float>(n_values, 2.0f / 3.0f));
  ASSERT_EQ(found.gradient.size(), expected.size() + 1);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double scale = expected[i].abs().max().item<double>() + 1e-2;
    EXPECT_LT((found.gradient[i] - expected[i]).abs().max().item<double>(), 1e-4 * scale) << i;
  }
  EXPECT_NEAR(found.gradient.back().item<double>(), sum / 3.0, 1e-3);
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
