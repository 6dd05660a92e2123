#include "nets/compiled/forward_energies.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"
#include "nets/compiled/plan.h"
#include "nets/files/architecture_toml.h"
#include "samplers/run_chains.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/expect_error.h"
#include "tests/nets/random_architecture.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {

constexpr std::int64_t kFiveClasses = 5, kSomeRows = 37;

/// A convolution and what the caller puts behind it, for five classes.
Architecture net_ending_in(const std::vector<Layer>& end, bool noise_level = false) {
  Architecture net{.name = "logits",
                   .input = {1, 6, 5},
                   .layers = {Conv2d{.out_channels = 7, .kernel_height = 3, .kernel_width = 3},
                              Activation{ActivationKind::kElu, 1.0}, Flatten{}},
                   .classes = kFiveClasses,
                   .noise_level = noise_level};
  net.layers.insert(net.layers.end(), end.begin(), end.end());
  return net;
}

const std::vector<Layer> kClassLogitsEnd{Linear{.out_features = kFiveClasses}, ClassLogits{}};

std::vector<float> normal_items(std::int64_t dim) {
  std::vector<float> x(static_cast<std::size_t>(kSomeRows * dim));
  base::RandomStream stream({.seed = 5}, 1);
  for (float& value : x) value = static_cast<float>(stream.next_normal());
  return x;
}

TEST(ForwardEnergiesTest, AreThoseBesideTheGradientsBitForBit) {
  RandomArchitecture random(3);
  for (int i = 0; i < 12; ++i) {
    const Architecture architecture = i < 6 ? random.draw() : random.draw_conditional();
    SCOPED_TRACE(architecture_to_toml(architecture));
    const Precision precision = i % 2 == 0 ? Precision::kFloat32 : Precision::kBfloat16;
    const CompiledNet net(architecture, varied_weights(architecture, 1), precision);
    const std::vector<float> x = normal_items(net.dim());
    std::vector<float> contexts;
    for (std::int64_t row = 0; row < kSomeRows; ++row) {
      if (architecture.classes > 0) contexts.push_back(static_cast<float>(row % 2));
      if (architecture.noise_level) contexts.push_back(0.1f + static_cast<float>(row));
    }
    samplers::on_every_target([&] {
      const std::vector<float> found = energies(net, {x, contexts}, 1);
      EXPECT_EQ(energies(net, {x, contexts}, 3), found);
      samplers::ChainStore chains(kSomeRows, net.dim(), net.context_dim());
      chains.load_rows(x);
      chains.load_context(contexts);
      samplers::evaluate_chains(net, chains, 1);
      std::vector<float> beside(kSomeRows);
      chains.store_energy(beside);
      EXPECT_EQ(found, beside);
    });
  }
}

TEST(ClassEnergiesTest, AreThoseOfTheNetworkAtEachLabelBitForBit) {
  const Architecture architecture = net_ending_in(kClassLogitsEnd);
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    const CompiledNet net(architecture, varied_weights(architecture, 1), precision);
    ASSERT_TRUE(has_class_energies(net.plan()));
    const std::vector<float> x = normal_items(net.dim());
    const std::vector<float> any_label(kSomeRows, 3.0f);
    samplers::on_every_target([&] {
      const std::vector<float> found = class_energies(net, {x, any_label}, 1);
      EXPECT_EQ(class_energies(net, {x, any_label}, 3), found);
      samplers::ChainStore chains(kSomeRows, net.dim(), 1);
      chains.load_rows(x);
      std::vector<float> energies(kSomeRows);
      for (std::int64_t k = 0; k < kFiveClasses; ++k) {
        chains.load_context(std::vector<float>(kSomeRows, static_cast<float>(k)));
        samplers::evaluate_chains(net, chains, 1);
        chains.store_energy(energies);
        for (std::int64_t row = 0; row < kSomeRows; ++row) {
          EXPECT_EQ(found[static_cast<std::size_t>(row * kFiveClasses + k)],
                    energies[static_cast<std::size_t>(row)])
              << row << ", class " << k;
        }
      }
    });
  }
}

TEST(ClassEnergiesTest, OtherReadersOfTheLabelRuleThemOut) {
  std::vector<Layer> film{Film{}};
  film.insert(film.end(), kClassLogitsEnd.begin(), kClassLogitsEnd.end());
  for (const Architecture& architecture : {net_ending_in(film), net_ending_in({Projection{}})}) {
    const CompiledNet net(architecture, varied_weights(architecture, 1));
    EXPECT_FALSE(has_class_energies(net.plan()));
    nets::expect_error(ErrorCode::kUsage, "has no energies of all classes in one pass", [&] {
      class_energies(net, {normal_items(net.dim()), std::vector<float>(kSomeRows)}, 1);
    });
  }
}

TEST(ClassEnergiesTest, RowsHaveToBeWholeAndToHaveAContext) {
  const Architecture architecture = net_ending_in(kClassLogitsEnd);
  const CompiledNet net(architecture, varied_weights(architecture, 1));
  const std::vector<float> x = normal_items(net.dim());
  EXPECT_THROW(class_energies(net, {std::span(x).first(x.size() - 1)}, 1), Error);
  EXPECT_THROW(class_energies(net, {x}, 1), Error);
  EXPECT_THROW(class_energies(net, {x, std::vector<float>(kSomeRows, 6.0f)}, 1), Error);
  EXPECT_THROW(energies(net, {std::span(x).first(x.size() - 1)}, 1), Error);
  EXPECT_THROW(energies(net, {x}, 1), Error);
}

}  // namespace
}  // namespace ebm::nets
