#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/random.h"
#include "nets/architecture/drawn_weights.h"
#include "nets/architecture/presets.h"
#include "nets/compiled/bf16.h"
#include "nets/compiled/compiled_net.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/random_architecture.h"
#include "tests/nets/random_mixing_architecture.h"

namespace ebm::nets {
namespace {
using samplers::kLanes;

TEST(Bf16Test, RoundsToNearestAndTiesToEven) {
  EXPECT_EQ(bf16_rounded(1.0f), 1.0f);
  EXPECT_EQ(bf16_rounded(1.0f + 0x1p-8f), 1.0f);            // in the middle: to even
  EXPECT_EQ(bf16_rounded(1.0f + 0x3p-8f), 1.0f + 0x1p-6f);  // likewise
  EXPECT_EQ(bf16_rounded(1.0f + 0x1p-8f + 0x1p-23f), 1.0f + 0x1p-7f);
  EXPECT_EQ(bf16_rounded(-3.14159265f), -3.140625f);
  EXPECT_EQ(bf16_rounded(std::numeric_limits<float>::max()), INFINITY);
  EXPECT_EQ(bf16_rounded(-INFINITY), -INFINITY);
  EXPECT_TRUE(std::isnan(bf16_rounded(std::bit_cast<float>(0x7F800001U))));
  EXPECT_TRUE(std::isnan(bf16_rounded(std::bit_cast<float>(0xFFFFFFFFU))));
  EXPECT_EQ(std::bit_cast<std::uint32_t>(bf16_pair(1.0f, -2.0f)), 0xC0003F80U);
  base::RandomStream stream({.seed = 1}, 0);
  for (int i = 0; i < 10000; ++i) {
    const auto value = static_cast<float>(std::exp(20.0 * stream.next_normal()));
    if (value < 0x1p-126f) continue;
    ASSERT_EQ(double{bf16_rounded(value)}, to_bf16(double{value})) << value;
  }
}

/// How products were made, counted over plans.
struct PassCounts {
  int pairs = 0, amx = 0, rounded_winograd = 0, rounded_tiles = 0;
  void count(const Plan& plan) {
    for (const PlanOp& op : plan.ops) {
      if (op.kind != PlanOpKind::kProduct) continue;
      amx += op.forward_amx + op.backward_amx;
      pairs +=
          (op.forward_pairs > 0 && !op.forward_amx) + (op.backward_pairs > 0 && !op.backward_amx);
      rounded_winograd += op.forward_winograd.has_value() + op.backward_winograd.has_value();
      rounded_tiles += (op.forward_pairs == 0 && !op.forward_winograd) +
                       (op.backward_pairs == 0 && !op.backward_winograd);
    }
  }
  void expect_all() const {
    EXPECT_GT(rounded_winograd, 10);
    EXPECT_GT(rounded_tiles, 10);
    if (samplers::runnable_bf16_units().size() == 1) return;  // F32 alone
    EXPECT_GT(pairs, 10);
    EXPECT_GT(amx, 10);
  }
};

void expect_exact(const Architecture& architecture, std::uint64_t seed,
                  const std::vector<std::int64_t>& lanes, bool with_weight_gradient,
                  bool on_all_targets, PassCounts* counts = nullptr) {
  const LayerWeights weights = varied_weights(architecture, seed);
  on_every_unit(
      [&] {
        if (testing::Test::HasFailure()) return;
        BlockCheck check(architecture, weights, lanes);
        check.run(seed, with_weight_gradient);
        EXPECT_GT(check.n_products(), 0);
        if (counts != nullptr) counts->count(check.plan());
      },
      on_all_targets);
}

TEST(Bf16NetTest, PresetsEqualSumsOfRoundedOperandsInDoublePrecision) {
  expect_exact(preset("uva", {1, 28, 28}), 1, {3, 15}, true, true);
  expect_exact(preset("mlp", {2, 1, 1}), 2, {0, 7}, true, true);
  expect_exact(preset("mnistnet", {1, 28, 28}), 3, {8}, false, false);
  // A quarter of its image: every layer is there.
  expect_exact(preset("igebm32", {3, 16, 16}), 4, {5}, false, false);
}

TEST(Bf16NetTest, RandomNetworksEqualSumsOfRoundedOperandsInDoublePrecision) {
  PassCounts counts;
  for (std::uint32_t seed = 0; seed < 200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_exact(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw(), seed,
                 {seed % kLanes}, true, seed % 8 == 0, &counts);
  }
  for (std::uint32_t seed = 0; seed < 10 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_exact(RandomArchitecture(seed).draw_wide(), seed, {seed % kLanes}, false, seed % 5 == 0,
                 &counts);
    expect_exact(RandomArchitecture(seed).draw_halving(/*with_norm=*/seed % 2 == 0), seed,
                 {seed % kLanes}, false, seed % 5 == 0, &counts);
  }
  counts.expect_all();
}

TEST(Bf16NetTest, GrowingNetworksEqualSumsOfRoundedOperandsInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_exact(RandomArchitecture(seed).draw_growing(/*with_norms=*/seed % 3 > 0), seed,
                 {seed % kLanes}, seed % 3 == 0, seed % 8 == 0);
  }
}

TEST(Bf16NetTest, UNetsEqualSumsOfRoundedOperandsInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 40 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_exact(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw_unet(seed % 4 == 3),
                 seed, {seed % kLanes}, seed % 4 == 0, seed % 8 == 0);
  }
}

TEST(Bf16NetTest, ConditionalNetworksEqualSumsOfRoundedOperandsInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    expect_exact(RandomArchitecture(seed, /*only_smooth=*/seed % 2 == 0).draw_conditional(), seed,
                 {seed % kLanes}, false, seed % 8 == 0);
  }
}

TEST(Bf16NetTest, NetworksWithAttentionEqualSumsOfRoundedOperandsInDoublePrecision) {
  for (std::uint32_t seed = 0; seed < 40 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomMixingArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const bool has_level = seed % 4 == 3;
    expect_exact(random.draw_mixing(has_level), seed, {seed % kLanes}, !has_level, seed % 8 == 0);
  }
}

std::vector<float> bf16_walk(const samplers::Energy& energy, int n_threads) {
  constexpr std::int64_t kChains = 101;
  samplers::ChainStore chains(kChains, energy.dim());
  std::vector<float> rows(static_cast<std::size_t>(kChains * energy.dim()));
  samplers::draw_initial_states({.seed = 1}, 0, energy.dim(), samplers::Box{-1, 1}, rows);
  chains.load_rows(rows);
  const samplers::Langevin kernel({.step_size = 0.1f, .noise_scale = 0.05f});
  samplers::run_chains(energy, kernel, chains,
                       {.n_steps = 5, .key = {.seed = 2}, .n_threads = n_threads});
  chains.store_rows(rows);
  return rows;
}

TEST(Bf16NetTest, ChainsAndWeightGradientsDoNotDependOnThreads) {
  const Architecture architecture = preset("uva", {1, 12, 12});
  on_every_unit([&] {
    const CompiledNet net(architecture, varied_weights(architecture, 1), Precision::kBfloat16);
    const std::vector<float> rows = bf16_walk(net, 1);
    const auto coefficient = [](std::int64_t row, float energy) {
      return (row % 3 == 0 ? 1.0f : -0.5f) + 0.1f * energy;
    };
    const WeightGradient gradient = weight_gradient(net, rows, coefficient, 1);
    for (const int threads : {2, 3, 7}) {
      EXPECT_EQ(bf16_walk(net, threads), rows) << threads;
      const WeightGradient other = weight_gradient(net, rows, coefficient, threads);
      EXPECT_EQ(other.gradient, gradient.gradient) << threads;
      EXPECT_EQ(other.energies, gradient.energies) << threads;
    }
  });
}

/// A convolution of three channels, which have a pair with nothing in it, and what follows it.
Architecture odd_net() {
  const Conv2d conv{
      .out_channels = 33, .kernel_height = 3, .kernel_width = 3, .padding = {1, 1, 1, 1}};
  return {.name = "odd",
          .input = {3, 5, 4},
          .layers = {conv, Activation{}, conv, Activation{}, Flatten{}, Linear{}}};
}

TEST(Bf16NetTest, NewWeightsTakeThePlaceOfTheOld) {
  const Architecture architecture = odd_net();
  on_every_unit(
      [&] {
        CompiledNet net(architecture, varied_weights(architecture, 1), Precision::kBfloat16);
        net.set_weights(varied_weights(architecture, 2));
        const CompiledNet other(architecture, varied_weights(architecture, 2),
                                Precision::kBfloat16);
        EXPECT_EQ(bf16_walk(net, 1), bf16_walk(other, 1));
      },
      /*on_all_targets=*/false);
}

TEST(Bf16NetTest, AChainDoesNotKnowTheOthersOfItsBlock) {
  const Architecture architecture = odd_net();
  const std::int64_t dim = architecture.input.size();
  on_every_unit([&] {
    const CompiledNet net(architecture, varied_weights(architecture, 1), Precision::kBfloat16);
    std::vector<float> rows(static_cast<std::size_t>(kLanes * dim));
    samplers::draw_initial_states({.seed = 3}, 0, dim, samplers::Box{-1, 1}, rows);
    samplers::ChainStore before(kLanes, dim), after(kLanes, dim);
    before.load_rows(rows);
    for (std::int64_t i = 0; i < dim; ++i) {
      rows[static_cast<std::size_t>(3 * dim + i)] = std::bit_cast<float>(0x7F800001U);
      rows[static_cast<std::size_t>(4 * dim + i)] = -INFINITY;
    }
    after.load_rows(rows);
    samplers::evaluate_chains(net, before, 1);
    samplers::evaluate_chains(net, after, 1);
    const auto a = before.blocks(0, 1), b = after.blocks(0, 1);
    for (std::size_t lane = 0; lane < static_cast<std::size_t>(kLanes); ++lane) {
      const bool is_other = lane == 3 || lane == 4;
      EXPECT_EQ(a.energy[lane] == b.energy[lane], !is_other) << lane;
      EXPECT_EQ(std::isfinite(b.energy[lane]), !is_other) << lane;
      for (std::size_t i = lane; i < a.energy_grad.size(); i += static_cast<std::size_t>(kLanes)) {
        EXPECT_EQ(a.energy_grad[i] == b.energy_grad[i], !is_other) << lane;
      }
    }
  });
}

TEST(Bf16NetTest, DenormalsCountAsZero) {
  const Architecture architecture{
      .name = "linear", .input = {4, 1, 1}, .layers = {Linear{.out_features = 64}, Linear{}}};
  LayerWeights weights = varied_weights(architecture, 1);
  for (float& weight : weights[0]) weight = 1e-39f;
  weights[1].assign(weights[1].size(), 0.0f);
  on_every_unit([&] {
    const CompiledNet net(architecture, weights, Precision::kBfloat16);
    const std::vector<float> rows(4, 1e38f);
    samplers::ChainStore chains(1, 4);
    chains.load_rows(rows);
    samplers::evaluate_chains(net, chains, 1);
    // The first layer would have outputs of 4·0.1, were its weights not 0.
    EXPECT_EQ(chains.blocks(0, 1).energy[0], weights[3][0]);
    for (const float each : chains.blocks(0, 1).energy_grad) EXPECT_EQ(each, 0.0f);
  });
}

/// ‖∇E in bfloat16 − ∇E in float32‖ / ‖∇E in float32‖ of some chains, sorted.
std::vector<double> gradient_errors(const Architecture& architecture, std::int64_t n) {
  const LayerWeights weights = drawn_weights(architecture, 1);
  std::vector<float> rows(static_cast<std::size_t>(n * architecture.input.size()));
  samplers::draw_initial_states({.seed = 3}, 0, architecture.input.size(), samplers::Box{-1, 1},
                                rows);
  std::vector<samplers::ChainStore> chains;
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    auto& store = chains.emplace_back(n, architecture.input.size());
    store.load_rows(rows);
    samplers::evaluate_chains(CompiledNet(architecture, weights, precision), store, 2);
  }
  std::vector<double> errors;
  const std::int64_t dim = architecture.input.size();
  for (std::int64_t chain = 0; chain < n; ++chain) {
    const auto exact = chains[0].blocks(chain / kLanes, 1),
               other = chains[1].blocks(chain / kLanes, 1);
    double error = 0, size = 0;
    for (std::int64_t i = 0; i < dim; ++i) {
      const auto at = static_cast<std::size_t>(i * kLanes + chain % kLanes);
      const double value = double{exact.energy_grad[at]};
      error += std::pow(double{other.energy_grad[at]} - value, 2);
      size += value * value;
    }
    errors.push_back(std::sqrt(error / size));
  }
  std::sort(errors.begin(), errors.end());
  return errors;
}

TEST(Bf16NetTest, GradientsOfPresetsAreCloseToThoseInFloat32) {
  struct Case {
    const char* name;
    Shape input;
    std::int64_t n;
  };
  // A number of bfloat16 is off by 2^-9 at most. 10 layers of independent errors of two operands
  // each, forwards and backwards, make 2^-9·√40 = 0.012 where gradients do not cancel; those of new
  // weights do by a factor of up to 10, and leaky ReLUs turn where an input is next to 0.
  for (const Case& each : {Case{"uva", {1, 28, 28}, 64}, Case{"mlp", {2, 1, 1}, 64},
                           Case{"mnistnet", {1, 28, 28}, 16}, Case{"igebm32", {3, 16, 16}, 16}}) {
    const std::vector<double> errors = gradient_errors(preset(each.name, each.input), each.n);
    RecordProperty(std::string(each.name) + "_median", std::to_string(errors[errors.size() / 2]));
    RecordProperty(std::string(each.name) + "_worst", std::to_string(errors.back()));
    EXPECT_GT(errors.front(), 1e-4) << each.name;  // nothing was rounded
    EXPECT_LT(errors[errors.size() / 2], 0.15) << each.name;
  }
}

}  // namespace
}  // namespace ebm::nets
