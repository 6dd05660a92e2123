#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "base/random.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/compiled/compiled_net.h"
#include "nets/compiled/compiled_outputs.h"
#include "nets/compiled/layer_times.h"
#include "nets/gradients/mixed_gradient.h"
#include "nets/gradients/weight_gradient.h"
#include "samplers/initial_states.h"
#include "samplers/kernels/langevin.h"
#include "samplers/run_chains.h"
#include "tests/nets/compiled/bf16_block_check.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::nets {
namespace {
using samplers::kLanes;

Conv2d three_by_three(std::int64_t out, std::int64_t stride) {
  return {.out_channels = out,
          .kernel_height = 3,
          .kernel_width = 3,
          .stride = stride,
          .padding = {1, 1, 1, 1}};
}

constexpr std::int64_t kClasses = 5;

/// Films behind a convolution, in a residual, behind an activation and on a flat value.
Architecture films_and(std::vector<Layer> end) {
  const Activation silu, elu{ActivationKind::kElu, 1.0};
  Architecture net{.name = "conditional",
                   .input = {2, 9, 7},
                   .layers = {three_by_three(9, 1), Film{6}, silu,
                              Residual{{three_by_three(9, 1), Film{3}, elu}, {}}, AvgPool{3, 2},
                              three_by_three(5, 2), elu, Film{4}, Flatten{},
                              Linear{.out_features = 6}, Film{5}, silu},
                   .classes = kClasses,
                   .noise_level = true};
  net.layers.insert(net.layers.end(), end.begin(), end.end());
  return net;
}

std::vector<Architecture> all_heads() {
  return {films_and({Linear{}}), films_and({Projection{}}),
          films_and({Linear{.out_features = kClasses}, ClassLogits{}})};
}

std::vector<float> normals(std::int64_t n, std::uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(n));
  base::RandomStream stream({.seed = seed}, 3);
  for (float& value : values) value = static_cast<float>(stream.next_normal());
  return values;
}

/// [label, σ] of n rows; "none" is among the labels.
std::vector<float> conditions_of(std::int64_t n, std::uint64_t seed) {
  const std::vector<float> drawn = normals(n, seed);
  std::vector<float> context;
  for (std::int64_t i = 0; i < n; ++i) {
    context.push_back(static_cast<float>((2 * i + 3) % (kClasses + 1)));
    context.push_back(std::exp(drawn[static_cast<std::size_t>(i)]));
  }
  return context;
}

/// Energies [n] and gradients [n, dim].
struct RowsEvaluated {
  std::vector<float> energy, grad;
};

RowsEvaluated evaluate_conditional(const CompiledNet& net, const Rows& rows, int n_threads = 1) {
  const std::int64_t n = std::ssize(rows.x) / net.dim();
  samplers::ChainStore chains(n, net.dim(), net.context_dim());
  chains.load_rows(rows.x);
  chains.load_context(rows.context);
  samplers::evaluate_chains(net, chains, n_threads);
  RowsEvaluated found{std::vector<float>(static_cast<std::size_t>(n)),
                      std::vector<float>(rows.x.size())};
  chains.store_energy(found.energy);
  chains.store_energy_grad(found.grad);
  return found;
}

std::span<const float> row_of(const std::vector<float>& values, std::int64_t row,
                              std::int64_t dim) {
  return std::span(values).subspan(static_cast<std::size_t>(row * dim),
                                   static_cast<std::size_t>(dim));
}

TEST(ConditionalPlanTest, ALabelOrALevelChangesItsLaneAlone) {
  for (const Architecture& architecture : all_heads()) {
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
      const CompiledNet net(architecture, varied_weights(architecture, 1), precision);
      const std::int64_t dim = net.dim();
      const std::vector<float> x = normals(2 * kLanes * dim, 2);
      const std::vector<float> before = conditions_of(2 * kLanes, 3);
      samplers::on_every_target([&] {
        const RowsEvaluated expected = evaluate_conditional(net, {x, before});
        for (const std::size_t changed : {5, 18}) {
          for (const std::size_t which : {0, 1}) {
            std::vector<float> after = before;
            float& value = after[2 * changed + which];
            value = which == 0 ? std::fmod(value + 1.0f, kClasses + 1.0f) : 3.0f * value;
            const RowsEvaluated found = evaluate_conditional(net, {x, after});
            for (std::int64_t row = 0; row < 2 * kLanes; ++row) {
              const auto at = static_cast<std::size_t>(row);
              const bool is_same =
                  std::ranges::equal(row_of(found.grad, row, dim), row_of(expected.grad, row, dim));
              EXPECT_EQ(is_same, at != changed) << row;
              EXPECT_EQ(found.energy[at] == expected.energy[at], at != changed) << row;
            }
          }
        }
      });
    }
  }
}

TEST(ConditionalPlanTest, BitsDoNotDependOnThreads) {
  for (const Architecture& architecture : all_heads()) {
    const CompiledNet net(architecture, varied_weights(architecture, 1));
    constexpr std::int64_t kRows = 101;
    const std::vector<float> x = normals(kRows * net.dim(), 2), v = normals(kRows * net.dim(), 4);
    const std::vector<float> context = conditions_of(kRows, 3);
    const auto coefficient = [](std::int64_t row, float energy) {
      return (row % 3 == 0 ? 1.0f : -0.5f) + 0.1f * energy;
    };
    const auto direction = [&](std::int64_t row, std::span<const float>, std::span<float> to) {
      std::ranges::copy(row_of(v, row, net.dim()), to.begin());
    };
    const auto walk = [&](int n_threads) {
      samplers::ChainStore chains(kRows, net.dim(), 2);
      chains.load_rows(x);
      chains.load_context(context);
      const samplers::Langevin kernel({.step_size = 0.1f, .noise_scale = 0.05f});
      samplers::run_chains(net, kernel, chains,
                           {.n_steps = 5, .key = {.seed = 2}, .n_threads = n_threads});
      std::vector<float> rows(x.size());
      chains.store_rows(rows);
      return rows;
    };
    const std::vector<float> walked = walk(1);
    const WeightGradient gradient = weight_gradient(net, {x, context}, coefficient, 1);
    const MixedGradient mixed = mixed_gradient(net, {x, context}, direction, 1);
    for (const int threads : {2, 3, 7}) {
      SCOPED_TRACE(threads);
      EXPECT_EQ(walk(threads), walked);
      EXPECT_EQ(weight_gradient(net, {x, context}, coefficient, threads).gradient,
                gradient.gradient);
      const MixedGradient other = mixed_gradient(net, {x, context}, direction, threads);
      EXPECT_EQ(other.gradient, mixed.gradient);
      EXPECT_EQ(other.energy_grads, mixed.energy_grads);
    }
  }
}

TEST(ConditionalPlanTest, AnEvaluatorLeavesNoTraceOfEarlierContextsAndWeights) {
  for (const Architecture& architecture : all_heads()) {
    CompiledNet net(architecture, varied_weights(architecture, 1));
    const std::vector<float> rows = normals(kLanes * net.dim(), 2);
    samplers::ChainStore chains(kLanes, net.dim(), 2);
    chains.load_rows(rows);
    const auto used = net.make_evaluator(1);
    const auto evaluate_by = [&](samplers::Evaluator& evaluator) {
      const samplers::ChainBlocks block = chains.blocks(0, 1);
      evaluator.evaluate({1, block.x, block.context}, block.energy, block.energy_grad);
      return std::vector<float>(block.energy.begin(), block.energy.end());
    };
    std::vector<std::vector<float>> energies;
    for (const std::uint64_t seed : {3, 3, 4, 3}) {
      chains.load_context(conditions_of(kLanes, seed));
      energies.push_back(evaluate_by(*used));
      EXPECT_EQ(energies.back(), evaluate_by(*net.make_evaluator(1)));
    }
    EXPECT_EQ(energies[1], energies[0]);
    EXPECT_NE(energies[2], energies[1]);
    EXPECT_EQ(energies[3], energies[1]);
    net.set_weights(varied_weights(architecture, 9));
    EXPECT_EQ(evaluate_by(*used), evaluate_by(*net.make_evaluator(1)));
    // What was refused is not taken for known.
    std::vector<float> wrong = conditions_of(kLanes, 3);
    wrong[0] = 17.0f;
    chains.load_context(wrong);
    EXPECT_THROW(evaluate_by(*used), Error);
    EXPECT_THROW(evaluate_by(*used), Error);
    chains.load_context(conditions_of(kLanes, 4));
    EXPECT_EQ(evaluate_by(*used), evaluate_by(*net.make_evaluator(1)));
  }
}

TEST(ConditionalPlanTest, FilmsOfZerosLeaveTheBitsOfTheNetworkWithoutThem) {
  const Architecture plain = preset("uva", {1, 28, 28});
  const Architecture with_films = with_classes(plain, 10, ClassCondition::kFilm);
  const LayerWeights weights = varied_weights(plain, 1);
  LayerWeights with_zeros;
  auto next = weights.begin();
  for (const Parameter& parameter : parameters(with_films)) {
    if (parameter.kind == ParameterKind::kTable) {
      with_zeros.emplace_back(static_cast<std::size_t>(parameter.size()));
    } else {
      with_zeros.push_back(*next++);
    }
  }
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    const CompiledNet expected(plain, weights, precision);
    const CompiledNet net(with_films, with_zeros, precision);
    const std::vector<float> x = normals(20 * net.dim(), 2);
    std::vector<float> labels;
    for (int i = 0; i < 20; ++i) labels.push_back(static_cast<float>(i % 11));
    samplers::on_every_target([&] {
      const RowsEvaluated found = evaluate_conditional(net, {x, labels});
      const RowsEvaluated without = evaluate_conditional(expected, x);
      EXPECT_EQ(found.energy, without.energy);
      EXPECT_EQ(found.grad, without.grad);
    });
  }
}

TEST(ConditionalPlanTest, InBfloat16SmallIntegersStayExact) {
  const Activation relu{ActivationKind::kRelu, 0.0};
  for (const ClassCondition how : {ClassCondition::kFilm, ClassCondition::kProjection}) {
    const Architecture architecture = with_classes(
        {.name = "integers",
         .input = {2, 9, 7},
         .layers = {three_by_three(4, 1), relu, three_by_three(3, 2), relu, Flatten{}, Linear{}}},
        kClasses, how);
    LayerWeights weights = varied_weights(architecture, 1);
    for (auto& each : weights) {
      const float size = *std::ranges::max_element(each);
      for (float& value : each) {
        value = static_cast<float>(value > 0.6f * size) - static_cast<float>(value < -0.6f * size);
      }
    }
    std::vector<float> x = normals(19 * architecture.input.size(), 2),
                       v = normals(std::ssize(x), 3);
    for (auto* each : {&x, &v}) {
      for (float& value : *each) value = std::round(value);
    }
    std::vector<float> labels;
    for (int i = 0; i < 19; ++i) labels.push_back(static_cast<float>(i % (kClasses + 1)));
    const Rows rows(x, labels);
    const auto one = [](std::int64_t row, float) { return row % 2 == 0 ? 1.0f : -2.0f; };
    const auto direction = [&](std::int64_t row, std::span<const float>, std::span<float> to) {
      std::ranges::copy(row_of(v, row, architecture.input.size()), to.begin());
    };
    const CompiledNet exact(architecture, weights);
    const WeightGradient gradient = weight_gradient(exact, rows, one, 1);
    const MixedGradient mixed = mixed_gradient(exact, rows, direction, 1);
    on_every_unit([&] {
      const CompiledNet net(architecture, weights, Precision::kBfloat16);
      EXPECT_EQ(weight_gradient(net, rows, one, 1).gradient, gradient.gradient);
      EXPECT_EQ(mixed_gradient(net, rows, direction, 1).gradient, mixed.gradient);
    });
  }
}

double distance_of(const LayerWeights& a, const LayerWeights& b) {
  double squares = 0.0;
  for (std::size_t layer = 0; layer < a.size(); ++layer) {
    for (std::size_t i = 0; i < a[layer].size(); ++i) {
      squares += std::pow(double{a[layer][i]} - double{b[layer][i]}, 2);
    }
  }
  return std::sqrt(squares);
}

TEST(ConditionalPlanTest, InBfloat16GradientsAreNearThoseOfFloat32) {
  for (const Architecture& architecture : all_heads()) {
    const LayerWeights weights = varied_weights(architecture, 1);
    const CompiledNet exact(architecture, weights);
    const std::vector<float> x = normals(40 * exact.dim(), 2), v = normals(40 * exact.dim(), 4);
    const std::vector<float> context = conditions_of(40, 3);
    const auto one = [](std::int64_t, float) { return 1.0f; };
    const auto direction = [&](std::int64_t row, std::span<const float>, std::span<float> to) {
      std::ranges::copy(row_of(v, row, exact.dim()), to.begin());
    };
    const LayerWeights gradient = weight_gradient(exact, {x, context}, one, 1).gradient;
    const LayerWeights mixed = mixed_gradient(exact, {x, context}, direction, 1).gradient;
    const auto size = [](const LayerWeights& a) {
      LayerWeights zeros = a;
      for (auto& each : zeros) std::ranges::fill(each, 0.0f);
      return distance_of(a, zeros);
    };
    on_every_unit(
        [&] {
          const CompiledNet net(architecture, weights, Precision::kBfloat16);
          const double off =
              distance_of(weight_gradient(net, {x, context}, one, 1).gradient, gradient);
          EXPECT_GT(off, 1e-4 * size(gradient));
          EXPECT_LT(off, 2e-2 * size(gradient));
          EXPECT_LT(distance_of(mixed_gradient(net, {x, context}, direction, 1).gradient, mixed),
                    4e-2 * size(mixed));
        },
        /*on_all_targets=*/false);
  }
}

TEST(ConditionalPlanTest, LogitsOfAnActivationAreThoseOfAnIdentityBehindIt) {
  const Architecture direct{.name = "direct",
                            .input = {4, 1, 1},
                            .layers = {Linear{.out_features = 3}, Activation{}, ClassLogits{}},
                            .classes = 3};
  Architecture through = direct;
  through.layers.insert(through.layers.begin() + 2, Linear{.out_features = 3, .bias = false});
  const LayerWeights weights = varied_weights(direct, 1);
  LayerWeights more = weights;
  more.push_back({1, 0, 0, 0, 1, 0, 0, 0, 1});
  const std::vector<float> x = normals(8 * 4, 2), labels = {0, 1, 2, 3, 3, 3, 0, 3};
  const auto ones = [](std::int64_t, auto, std::span<float> v) { std::ranges::fill(v, 1.0f); };
  const MixedGradient found = mixed_gradient({direct, weights}, {x, labels}, ones, 1);
  const MixedGradient expected = mixed_gradient({through, more}, {x, labels}, ones, 1);
  for (std::size_t layer = 0; layer < 2; ++layer) {
    for (std::size_t i = 0; i < weights[layer].size(); ++i) {
      EXPECT_NEAR(found.gradient[layer][i], expected.gradient[layer][i], 1e-5) << layer << ' ' << i;
    }
  }
}

TEST(ConditionalPlanTest, OutputsTakeTheContextOfEachRow) {
  Architecture architecture = films_and({Linear{}});
  const LayerWeights weights = varied_weights(architecture, 1);
  const CompiledNet net(architecture, weights);
  const CompiledOutputs outputs(architecture, weights);
  const std::vector<float> x = normals(7 * net.dim(), 2), context = conditions_of(7, 3);
  std::vector<float> found(7);
  outputs.evaluate({x, context}, found);
  EXPECT_EQ(found, evaluate_conditional(net, {x, context}).energy);
  expect_error(ErrorCode::kShape, "the context of 7 items has 0 numbers",
               [&] { outputs.evaluate(x, found); });
}

TEST(ConditionalPlanTest, LayerTimesNameWhatReadsConditions) {
  const Architecture architecture = films_and({Projection{}});
  const auto times = layer_times(CompiledNet(architecture, varied_weights(architecture, 1)), 2);
  std::vector<std::string> names;
  for (const LayerTime& each : times) names.push_back(each.name);
  EXPECT_EQ(names[2], "class table, 6x1x1 -> 18x1x1");
  EXPECT_EQ(names[3], "noise level features, 1x1x1 -> 12x1x1");
  EXPECT_EQ(names[4], "linear, 12x1x1 -> 6x1x1, silu");
  EXPECT_EQ(names[7], "film, 9x9x7 -> 9x9x7, silu");
  EXPECT_EQ(names.back(), "projection, 6x1x1 -> 1x1x1");
}

TEST(ConditionalPlanTest, ContextsThatAreMissingOrOutOfRangeAreRefused) {
  const Architecture architecture = films_and({Projection{}});
  const CompiledNet net(architecture, varied_weights(architecture, 1));
  const std::vector<float> x = normals(3 * net.dim(), 2);
  const auto one = [](std::int64_t, float) { return 1.0f; };
  const auto nothing = [](std::int64_t, std::span<const float>, std::span<float>) {};
  expect_error(ErrorCode::kShape, "the context of 3 items has 0 numbers",
               [&] { weight_gradient(net, x, one, 1); });
  expect_error(ErrorCode::kShape, "the context of 3 items has 0 numbers",
               [&] { mixed_gradient(net, x, nothing, 1); });
  samplers::ChainStore chains(3, net.dim());
  expect_error(ErrorCode::kShape, "context_dim",
               [&] { samplers::run_chains(net, samplers::Langevin({}), chains, {.n_steps = 1}); });
  const samplers::ChainBlocks block = chains.blocks(0, 1);
  expect_error(ErrorCode::kShape, "the context of the chains", [&] {
    net.make_evaluator(1)->evaluate({1, block.x, {}}, block.energy, block.energy_grad);
  });
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float label : {-1.0f, 6.0f, 0.5f, 1e30f, nan, infinity}) {
    const std::vector<float> context = {0.0f, 1.0f, label, 1.0f, 5.0f, 1.0f};
    expect_error(ErrorCode::kUsage, "the label of item 1 is", [&] {
      weight_gradient(net, {x, context}, one, 1);
    });
    for (const int n_threads : {1, 2}) {
      expect_error(ErrorCode::kUsage, "the label of item 1 is", [&] {
        evaluate_conditional(net, {x, context}, n_threads);
      });
    }
  }
  for (const float level : {0.0f, -1.0f, nan, infinity}) {
    const std::vector<float> context = {0.0f, 1.0f, 1.0f, level, 5.0f, 1.0f};
    expect_error(ErrorCode::kUsage, "the noise level of item 1 is", [&] {
      mixed_gradient(net, {x, context}, nothing, 1);
    });
    expect_error(ErrorCode::kUsage, "the noise level of item 1 is", [&] {
      evaluate_conditional(net, {x, context});
    });
  }
}

}  // namespace
}  // namespace ebm::nets
