#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/compiled/plan.h"
#include "tests/nets/random_architecture.h"
#include "tests/torch_nets/compiled_checks.h"
#include "tests/torch_nets/double_reference.h"

namespace ebm::torch_nets {
namespace {
using nets::PlanOpKind;
using nets::RandomArchitecture;

/// Everything, under a condition of its own for each row.
void expect_exact_under_conditions(const TorchNet& net, std::int64_t n, std::uint64_t seed) {
  undo_init_scale(net);
  const std::int64_t dim = net.architecture().input.size();
  const torch::Tensor rows = random_rows(n, dim, seed);
  const torch::Tensor context = random_context(net.architecture(), n, seed);
  expect_exact(net, rows, context);
  expect_exact_gradient(net, rows, context);
  const torch::Tensor directions = random_rows(n, dim, seed + 7777);
  expect_exact_mixed(net, rows, directions, context);
  if (net.architecture().noise_level) expect_exact_level(net, rows, directions, context);
}

/// What plans hold, counted.
struct ConditionCounts {
  int films = 0, merged = 0, levels = 0, projections = 0, logits = 0, films_of_residuals = 0;
  void count(const nets::Architecture& net) {
    for (const nets::PlanOp& op : nets::make_plan(net).ops) {
      films += op.kind == PlanOpKind::kFilm;
      merged += op.is_merged;
      levels += op.kind == PlanOpKind::kLevelFeatures;
      projections += op.kind == PlanOpKind::kProjection;
      logits += op.kind == PlanOpKind::kClassLogits;
    }
    for (const nets::Layer& layer : net.layers) {
      const auto* residual = std::get_if<nets::Residual>(&layer.op);
      if (residual == nullptr) continue;
      for (const nets::Layer& inner : residual->body) {
        films_of_residuals += std::holds_alternative<nets::Film>(inner.op);
      }
    }
  }
};

TEST(CompiledConditionalNetTest, RandomNetworksEqualLibTorchInDoublePrecision) {
  ConditionCounts counts;
  for (std::uint32_t seed = 0; seed < 100 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_conditional(), seed);
    counts.count(net.architecture());
    expect_exact_under_conditions(net, seed % 3 == 0 ? 19 : 7, seed);
  }
  EXPECT_GT(counts.films - counts.merged, 50);
  EXPECT_GT(counts.merged, 25);
  EXPECT_GT(counts.levels, 50);
  EXPECT_GT(counts.projections, 20);
  EXPECT_GT(counts.logits, 20);
  EXPECT_GT(counts.films_of_residuals, 10);
}

TEST(CompiledConditionalNetTest, UNetsOfANoiseLevelEqualLibTorchInDoublePrecision) {
  for (std::uint32_t seed = 300; seed < 330 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    RandomArchitecture random(seed, /*only_smooth=*/seed % 2 == 0);
    const TorchNet net(random.draw_unet(/*with_level=*/true), seed);
    expect_exact_under_conditions(net, seed % 3 == 0 ? 19 : 7, seed);
  }
}

TEST(CompiledConditionalNetTest, PresetsWithClassesEqualLibTorchInDoublePrecision) {
  for (const auto& how : nets::kClassConditions) {
    for (const std::string preset : {"uva", "mnistnet"}) {
      SCOPED_TRACE(preset + " by " + how.name);
      const TorchNet net(nets::with_classes(nets::preset(preset, {1, 28, 28}), 10, how.value), 3);
      expect_exact_under_conditions(net, preset == "uva" ? 20 : 3, 1);
    }
  }
}

TEST(CompiledConditionalNetTest, FilmsBehindBatchNormsEqualLibTorchInDoublePrecision) {
  const nets::Conv2d conv{.out_channels = 9, .kernel_height = 3, .kernel_width = 3};
  const TorchNet net(
      {.name = "norms",
       .input = {2, 9, 7},
       .layers = {conv, nets::BatchNorm{}, nets::Film{}, nets::Activation{}, nets::AvgPool{},
                  nets::BatchNorm{}, nets::Film{}, nets::Flatten{}, nets::Projection{}},
       .classes = 3},
      5);
  undo_init_scale(net);
  expect_exact(net, random_rows(20, net.architecture().input.size(), 1),
               random_context(net.architecture(), 20, 2));
}

}  // namespace
}  // namespace ebm::torch_nets
