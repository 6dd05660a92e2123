#include "tests/torch_nets/compiled_checks.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nets/compiled/plan.h"
#include "nets/gradients/curvature_gradient.h"
#include "nets/gradients/mixed_gradient.h"
#include "nets/gradients/weight_gradient.h"
#include "tests/samplers/on_every_target.h"
#include "tests/torch_nets/double_reference.h"

namespace ebm::torch_nets {
namespace {

std::span<const float> span_of(const torch::Tensor& tensor) {
  if (!tensor.defined()) return {};
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

/// Calls check(what `in_double` makes of the slopes that the compiled network takes) on every SIMD
/// target. The reference is computed again only where a target took a kink to another side.
template <class Reference, class Check>
void on_targets(const nets::CompiledNet& compiled, const torch::Tensor& rows,
                const torch::Tensor& context, const Reference& in_double, const Check& check) {
  std::optional<InDouble> expected;
  Slopes taken;
  samplers::on_every_target([&] {
    const Slopes slopes = slopes_of(compiled, rows, context);
    if (!expected || differ(slopes, taken)) {
      taken = slopes;
      expected = in_double(slopes);
    }
    check(*expected);
  });
}

std::vector<torch::Tensor> shaped(const std::vector<std::vector<float>>& values,
                                  const InDouble& expected) {
  std::vector<torch::Tensor> tensors;
  for (std::size_t i = 0; i < values.size(); ++i) {
    tensors.push_back(torch::tensor(values[i]).reshape(expected.values.at(i).sizes()));
  }
  return tensors;
}

}  // namespace

std::string test_name(const testing::TestParamInfo<PresetCase>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

void expect_exact(const TorchNet& net, const torch::Tensor& rows, const torch::Tensor& context) {
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  on_targets(
      compiled, rows, context,
      [&](const Slopes& slopes) { return evaluate_in_double(net, rows, slopes, context); },
      [&](const InDouble& expected) {
        const Evaluation found = evaluate(compiled, rows, context);
        expect_within_limits({found.energy, found.grad}, expected);
      });
}

void expect_exact_gradient(const TorchNet& net, const torch::Tensor& rows,
                           const torch::Tensor& context) {
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  const auto c = torch::linspace(-1.0, 0.7, rows.size(0));
  on_targets(
      compiled, rows, context,
      [&](const Slopes& slopes) {
        return weight_gradient_in_double(net, rows, c, slopes, context);
      },
      [&](const InDouble& expected) {
        const nets::WeightGradient found = nets::weight_gradient(
            compiled, {span_of(rows), span_of(context)},
            [&](std::int64_t row, float) { return c[row].item<float>(); }, 1);
        expect_within_limits(shaped(found.gradient, expected), expected);
      });
}

void expect_exact_mixed(const TorchNet& net, const torch::Tensor& rows,
                        const torch::Tensor& directions, const torch::Tensor& context) {
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  on_targets(
      compiled, rows, context,
      [&](const Slopes& slopes) {
        return mixed_gradient_in_double(net, rows, directions, slopes, context);
      },
      [&](const InDouble& expected) {
        const nets::MixedGradient found = nets::mixed_gradient(
            compiled, {span_of(rows), span_of(context)},
            [&](std::int64_t row, std::span<const float>, std::span<float> direction) {
              const float* const v = directions.data_ptr<float>() + row * compiled.dim();
              std::copy_n(v, compiled.dim(), direction.begin());
            },
            1);
        std::vector<std::vector<float>> all = found.gradient;
        all.push_back(found.directional_derivatives);
        expect_within_limits(shaped(all, expected), expected);
        const Evaluation evaluation = evaluate(compiled, rows, context);
        EXPECT_EQ(found.energies, to_vector(evaluation.energy));
        if (!context.defined()) {
          EXPECT_EQ(found.energy_grads, to_vector(evaluation.grad));
          return;
        }
        // A film may be merged in the evaluator, which rounds once less.
        const auto grads = torch::tensor(found.energy_grads).reshape(evaluation.grad.sizes());
        EXPECT_LE(largest_difference(grads, evaluation.grad.to(torch::kFloat64)),
                  1e-5 * evaluation.grad.abs().max().item<double>());
      });
}

void expect_exact_level(const TorchNet& net, const torch::Tensor& rows,
                        const torch::Tensor& directions, const torch::Tensor& context) {
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  const auto c = torch::linspace(-1.0, 0.7, rows.size(0)), w = c.flip(0);
  on_targets(
      compiled, rows, context,
      [&](const Slopes& slopes) {
        return level_gradient_in_double(net, rows, {c, directions, w}, slopes, context);
      },
      [&](const InDouble& expected) {
        std::vector<float> of_level(static_cast<std::size_t>(rows.size(0)));
        const nets::MixedGradient found = nets::level_gradient(
            compiled, {span_of(rows), span_of(context)},
            [&](std::int64_t row, float energy, float slope, std::span<const float>,
                std::span<float> direction) -> nets::LevelFactors {
              const float* const v = directions.data_ptr<float>() + row * compiled.dim();
              std::copy_n(v, compiled.dim(), direction.begin());
              of_level[static_cast<std::size_t>(row)] = slope;
              EXPECT_TRUE(std::isfinite(energy));
              return {c[row].item<float>(), w[row].item<float>()};
            },
            1);
        std::vector<std::vector<float>> all = found.gradient;
        all.push_back(found.directional_derivatives);
        all.push_back(of_level);
        expect_within_limits(shaped(all, expected), expected);
        EXPECT_EQ(found.energies, to_vector(evaluate(compiled, rows, context).energy));
      });
}

void expect_exact_curvature(const TorchNet& net, const torch::Tensor& rows,
                            const torch::Tensor& directions, const torch::Tensor& context) {
  const nets::CompiledNet compiled(net.architecture(), weights_of(net));
  on_targets(
      compiled, rows, context,
      [&](const Slopes& slopes) {
        return curvature_gradient_in_double(net, rows, directions, 0.7, slopes, context);
      },
      [&](const InDouble& expected) {
        const nets::CurvatureGradient found = nets::curvature_gradient(
            compiled, {span_of(rows), span_of(context)}, span_of(directions), 0.7f, 1);
        std::vector<std::vector<float>> all = found.gradient;
        all.push_back(found.curvatures);
        all.push_back(found.slopes);
        expect_within_limits(shaped(all, expected), expected);
        EXPECT_EQ(found.energies, to_vector(evaluate(compiled, rows, context).energy));
      });
}

}  // namespace ebm::torch_nets
