// Plain arrays in training against LibTorch: initial weights, norms of weights, Adam, averages.

#include <gtest/gtest.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <string>
#include <vector>

#include "nets/architecture/presets.h"
#include "tests/torch_nets/rounding_limit.h"
#include "torch_nets/tensor_views.h"
#include "torch_nets/torch_net.h"
#include "training/ema.h"
#include "training/trained_net.h"

namespace ebm::torch_nets {
namespace {

/// A preset with weight norms in place of its spectral norms, and where it has none.
nets::Architecture with_weight_norms(const char* name) {
  nets::Architecture net = nets::preset(name, {3, 32, 32});
  for (nets::Layer& layer : net.layers) {
    const auto set = [](auto* weighted) {
      if (weighted == nullptr) return;
      weighted->spectral_norm = false;
      weighted->weight_norm = true;
    };
    set(std::get_if<nets::Conv2d>(&layer.op));
    set(std::get_if<nets::Linear>(&layer.op));
  }
  return net;
}

TEST(TrainedNetReferenceTest, WeightNormsBeginAsThoseOfLibTorchsModule) {
  const nets::Architecture net = with_weight_norms("mnistnet");
  const training::TrainedNet plain(net, 5);
  const TorchNet module(net, 5);
  ASSERT_EQ(plain.specs(), module.specs());
  const auto wanted = module.frozen_weights();
  const nets::LayerWeights found = plain.layer_weights();
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto weight = torch::tensor(found[i]).reshape(wanted[i].sizes());
    // LibTorch's norms are summed in float32, over at most 6272 squares.
    const double limit = 100.0 * 0x1p-24 * wanted[i].abs().max().item<double>();
    EXPECT_LE((weight - wanted[i]).abs().max().item<double>(), limit) << i;
  }
}

TEST(TrainedNetReferenceTest, BeginsWithTheWeightsOfLibTorchsModule) {
  for (const char* name : {"uva", "mlp", "mnistnet", "igebm32"}) {
    SCOPED_TRACE(name);
    const nets::Architecture net = nets::preset(name, {3, 32, 32});
    const training::TrainedNet plain(net, 5);
    const TorchNet module(net, 5);
    ASSERT_EQ(plain.specs(), module.specs());
    for (std::size_t i = 0; i < plain.specs().size(); ++i) {
      const auto found = torch::tensor(plain.tensors()[i]).reshape(module.tensors()[i].sizes());
      // Singular vectors have length 1; LibTorch's are rounded in each of 15 iterations.
      const double limit = plain.specs()[i].is_used() ? 0.0 : 1e-4;
      EXPECT_LE((found - module.tensors()[i]).abs().max().item<double>(), limit)
          << plain.specs()[i].name;
    }
  }
}

TEST(TrainedNetReferenceTest, GradientThroughNormsOfWeightsIsThatOfAutograd) {
  for (const nets::Architecture& net :
       {nets::preset("mnistnet", {3, 32, 32}), nets::preset("igebm32", {3, 32, 32}),
        with_weight_norms("mnistnet"), with_weight_norms("uva")}) {
    SCOPED_TRACE(net.name);
    const training::TrainedNet plain(net, 5);
    const TorchNet module(net, {.tensors = plain.to_tensor_data(), .metadata = {}}, "plain");
    std::vector<torch::Tensor> c;
    nets::LayerWeights of_layers;
    torch::manual_seed(1);
    for (const torch::Tensor& weight : module.frozen_weights()) {
      c.push_back(torch::randn(weight.sizes()));
      of_layers.push_back(to_vector(c.back()));
    }
    const auto formula = [&](const TorchNet& exact, const torch::Tensor&) {
      auto sum = torch::zeros({}, torch::kFloat64);
      const auto used = exact.layer_weights();
      for (std::size_t i = 0; i < used.size(); ++i) sum = sum + (used[i] * c[i]).sum();
      return torch::autograd::grad({sum}, exact.trainable());
    };
    const InDouble wanted = in_double(module, 1, formula);
    const auto found = plain.parameter_gradient(of_layers);
    ASSERT_EQ(found.size(), wanted.values.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto g = torch::tensor(found[i]).reshape(wanted.values[i].sizes());
      // Rounded once, to 2⁻²⁴ of its size.
      const double limit = 2e-7 * wanted.values[i].abs().max().item<double>();
      EXPECT_LE(largest_difference(g, wanted.values[i]), limit) << i;
    }
  }
}

TEST(TrainedNetReferenceTest, AdamIsLibTorchs) {
  torch::manual_seed(2);
  for (const double beta1 : {0.0, 0.9}) {
    const auto plain = torch::randn({1003}), module = plain.clone().requires_grad_();
    training::Adam adam(trained_tensors({"w"}, {plain}), {.beta1 = beta1});
    torch::optim::Adam reference({module}, torch::optim::AdamOptions(0.01).betas({beta1, 0.999}));
    for (int t = 0; t < 20; ++t) {
      std::vector<torch::Tensor> gradient{torch::randn({1003})};
      module.mutable_grad() = gradient[0].clone();
      adam.step(views_of(gradient), 0.01);
      reference.step();
    }
    // 20 steps of at most some 0.01·3, each rounded a few times to 2⁻²⁴ of values up to 4.
    EXPECT_LE((plain - module).abs().max().item<double>(), 20 * 4 * 0x1p-24 * 2);
  }
}

TEST(TrainedNetReferenceTest, TheAverageIsLibTorchs) {
  torch::manual_seed(3);
  const auto values = torch::randn({1003}), average = torch::randn({1003});
  for (const int t : {1, 100}) {
    const double share = 1.0 - std::min(0.99, (1.0 + t) / (10.0 + t));
    const auto wanted = average.lerp(values, share);
    training::update_average(torch_nets::values_of({values}), t, 0.99,
                             torch_nets::values_of({average}));
    EXPECT_LE((average - wanted).abs().max().item<double>(), 8 * 0x1p-24) << t;
  }
}

}  // namespace
}  // namespace ebm::torch_nets
