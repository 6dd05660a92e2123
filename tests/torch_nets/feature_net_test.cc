#include "torch_nets/feature_net.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "evaluation/compiled_features.h"
#include "nets/architecture/classifier_presets.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/on_every_target.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/torch_net.h"
#include "torch_nets/weight_gradient.h"

namespace ebm::torch_nets {
namespace {

std::vector<float> some_images(std::int64_t n) {
  std::vector<float> rows(static_cast<std::size_t>(n * 784));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = std::sin(static_cast<float>(i) * 0.37f);
  return rows;
}

nets::FeatureFile some_file() {
  nets::FeatureFile file;
  file.architecture = nets::classifier_preset({1, 28, 28}, 10);
  file.feature_layers = nets::penultimate_layers(file.architecture);
  file.weights.tensors = TorchNet(file.architecture, 4, nets::Outputs::kAny).to_tensor_data();
  file.origin = "memory";
  return file;
}

/// Two features by LibTorch.
FeatureNet some_net() {
  return {{1, 28, 28}, "moments", [](const torch::Tensor& x) {
            return torch::stack({x.mean({1, 2, 3}), x.square().mean({1, 2, 3})}, 1);
          }};
}

/// Features and classes of 45 images against those in double precision.
/// @param n_layers  that lead to the features, [n, d]
void expect_features(const std::function<evaluation::ImageFeatures(
                         const nets::FeatureFile& file, std::span<const float> rows)>& features_of,
                     std::int64_t n_layers, std::int64_t d) {
  const auto rows = some_images(45);
  nets::FeatureFile file = some_file();
  file.feature_layers = n_layers;
  const auto found = features_of(file, rows);
  ASSERT_EQ(found.n, 45);
  ASSERT_EQ(found.d, d);
  const TorchNet net(file.architecture, file.weights, "memory", nets::Outputs::kAny);
  const auto x = torch::tensor(rows, torch::kFloat64).reshape({45, 1, 28, 28});
  const auto formula = [&](const TorchNet& exact, const torch::Tensor&) {
    const auto weights = exact.layer_weights();
    return std::vector<torch::Tensor>{exact.outputs_with(weights, x, file.feature_layers),
                                      exact.outputs_with(weights, x)};
  };
  const InDouble expected = in_double(net, 45, formula);
  const torch::Tensor& features = expected.values[0];
  const torch::Tensor& logits = expected.values[1];
  ASSERT_EQ(features.sizes(), (std::vector<std::int64_t>{45, d}));
  ASSERT_EQ(logits.sizes(), (std::vector<std::int64_t>{45, 10}));
  const auto values = torch::tensor(std::vector<float>(found.values.begin(), found.values.end()));
  EXPECT_LE(largest_difference(values.reshape({45, d}), features), expected.limits[0]);
  for (std::int64_t i = 0; i < 45; ++i) {
    // The largest, or one that rounding can make the largest.
    const auto chosen = logits[i][found.classes[static_cast<std::size_t>(i)]].item<double>();
    EXPECT_GE(chosen, logits[i].max().item<double>() - 2 * expected.limits[1]) << i;
  }
}

TEST(CompiledFeaturesTest, GivesTheActivationsAndClassesOfTheNetwork) {
  samplers::on_every_target([] {
    const auto compiled = [](const nets::FeatureFile& file, std::span<const float> rows) {
      return evaluation::CompiledFeatures(file).features_of(rows, "rows", 2);
    };
    expect_features(compiled, nets::penultimate_layers(some_file().architecture), 64);
    // Of images of 16 channels, in C order.
    expect_features(compiled, 3, 16 * 14 * 14);
  });
}

void expect_bits_without_threads(const evaluation::FeatureExtractor& features) {
  const auto rows = some_images(150);
  const auto reference = features.features_of(rows, "rows", 1);
  for (const int threads : {2, 3, 7}) {
    const auto again = features.features_of(rows, "rows", threads);
    EXPECT_EQ(again.values, reference.values) << threads;
    EXPECT_EQ(again.classes, reference.classes) << threads;
  }
}

TEST(FeatureNetTest, BitsDoNotDependOnThreads) { expect_bits_without_threads(some_net()); }

TEST(CompiledFeaturesTest, BitsDoNotDependOnThreads) {
  expect_bits_without_threads(evaluation::CompiledFeatures(some_file()));
}

// A copy of an image has the very features of that image, wherever it stands.
TEST(CompiledFeaturesTest, BitsDoNotDependOnThePlaceOfAnImage) {
  samplers::on_every_target([] {
    const auto rows = some_images(45);
    std::vector<float> reversed;
    for (std::size_t i = 45; i-- > 0;) {
      reversed.insert(reversed.end(), rows.begin() + static_cast<std::ptrdiff_t>(i * 784),
                      rows.begin() + static_cast<std::ptrdiff_t>((i + 1) * 784));
    }
    const evaluation::CompiledFeatures net(some_file());
    const auto found = net.features_of(rows, "rows", 1);
    const auto other = net.features_of(reversed, "rows", 1);
    for (std::size_t i = 0; i < 45; ++i) {
      const auto row = [&](const evaluation::ImageFeatures& of, std::size_t at) {
        return std::vector(of.values.begin() + static_cast<std::ptrdiff_t>(at * 64),
                           of.values.begin() + static_cast<std::ptrdiff_t>((at + 1) * 64));
      };
      EXPECT_EQ(row(found, i), row(other, 44 - i)) << i;
      EXPECT_EQ(found.classes[i], other.classes[44 - i]) << i;
    }
  });
}

TEST(CompiledFeaturesTest, NamesAnImageThatIsNotFinite) {
  auto rows = some_images(3);
  rows[784 * 2 + 5] = std::numeric_limits<float>::quiet_NaN();
  const evaluation::CompiledFeatures net(some_file());
  nets::expect_error(ErrorCode::kBadData, "samples: image 2 holds nan",
                     [&] { net.features_of(rows, "samples", 1); });
  // Finite, but too much for the network.
  rows = some_images(3);
  for (std::size_t i = 784; i < 2 * 784; ++i) rows[i] = 3e38f;
  nets::expect_error(ErrorCode::kBadData, "makes features of image 1 that are not finite",
                     [&] { net.features_of(rows, "samples", 1); });
}

TEST(FeatureNetTest, AWatchSeesHowFarItIsAndEndsTheWork) {
  struct Enough {};
  const auto rows = some_images(150);
  const FeatureNet net = some_net();
  std::vector<std::int64_t> seen;
  net.features_of(rows, "rows", 2, [&](std::int64_t n_done) { seen.push_back(n_done); });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{32, 96, 150}));
  seen.clear();
  EXPECT_THROW(net.features_of(rows, "rows", 1,
                               [&](std::int64_t n_done) {
                                 seen.push_back(n_done);
                                 if (n_done > 100) throw Enough();
                               }),
               Enough);
  EXPECT_EQ(seen, (std::vector<std::int64_t>{32, 64, 96, 128}));
}

TEST(FeatureNetTest, NamesAnImageThatIsNotFinite) {
  auto rows = some_images(3);
  rows[784 * 2 + 5] = std::numeric_limits<float>::quiet_NaN();
  const FeatureNet net = some_net();
  nets::expect_error(ErrorCode::kBadData, "samples: image 2 holds nan",
                     [&] { net.features_of(rows, "samples", 1); });
  rows.pop_back();
  nets::expect_error(ErrorCode::kShape, "expected images of 1x28x28",
                     [&] { net.features_of(rows, "samples", 1); });
}

TEST(FeatureNetTest, NamesFeaturesThatAreNotFiniteOrChangeInNumber) {
  const FeatureNet roots({1, 28, 28}, "roots.pt",
                         [](const torch::Tensor& x) { return x.flatten(1).slice(1, 0, 5).sqrt(); });
  std::vector<float> rows(40 * 784, 0.25f);
  EXPECT_EQ(roots.features_of(rows, "rows", 1).values[3], 0.5f);
  rows[35 * 784 + 2] = -1.0f;
  nets::expect_error(ErrorCode::kBadData, "roots.pt makes features of image 35 that are not finite",
                     [&] { roots.features_of(rows, "rows", 1); });
  const FeatureNet widths({1, 28, 28}, "widths.pt", [](const torch::Tensor& x) {
    return x.flatten(1).slice(1, 0, x.size(0));
  });
  nets::expect_error(ErrorCode::kBadData, "widths.pt makes 8 features of one image and 32",
                     [&] { widths.features_of(rows, "rows", 1); });
}

TEST(LossGradientTest, IsTheGradientOfTheSumOfLosses) {
  const TorchNet net(nets::classifier_preset({1, 28, 28}, 3), 2, nets::Outputs::kAny);
  const auto rows = some_images(75);
  const auto losses_of = [](const TorchNet& any, const torch::Tensor& x, std::int64_t first) {
    const auto wanted = torch::arange(first, first + x.size(0)).remainder(3);
    return -torch::log_softmax(any.outputs_with(any.layer_weights(), x), 1)
                .gather(1, wanted.unsqueeze(1))
                .squeeze(1);
  };
  const auto found = loss_gradient(
      net, rows,
      [&](std::int64_t first, const torch::Tensor& x) { return losses_of(net, x, first); }, 2);
  const auto x = torch::tensor(rows, torch::kFloat64).reshape({75, 784});
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    return torch::autograd::grad({(shares * losses_of(exact, x, 0)).sum()}, exact.trainable());
  };
  ASSERT_EQ(found.energies.size(), 75u);
  expect_within_limits(found.gradient, in_double(net, 75, formula));
}

}  // namespace
}  // namespace ebm::torch_nets
