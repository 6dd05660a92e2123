// Recovery likelihood by each backend, against its formula in double precision.

#include "ebm/objectives/recovery_likelihood.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "nets/architecture/with_noise_level.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/objectives/expect_step.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kRecovered = 40;

/// @param context  [kRecovered, context_dim], the level being its last number
void expect_recovery(const nets::Architecture& architecture, const std::vector<float>& levels,
                     const std::vector<float>& context, double data_sd) {
  const std::int64_t dim = architecture.input.size();
  const TorchNet net(architecture, 3);
  const auto positives = rows_of(kRecovered, dim, 0.2f);
  auto negatives = rows_of(kRecovered, dim, 1.7f);
  for (float& x : negatives) x = 2.0f * x + 1.0f;  // of other energies
  const auto sigma = tensor_of(levels, 1);
  const auto contexts = tensor_of(context, std::ssize(context) / kRecovered);
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto energy_of = [&](const std::vector<float>& rows) {
      const auto x = tensor_of(rows, dim);
      if (data_sd == 0.0) return exact.forward(x, contexts);
      const auto total = sigma.square() + data_sd * data_sd;
      const auto f = exact.forward(x / total.sqrt(), contexts);
      return (data_sd / sigma.flatten()) * f + x.square().sum(1) / (2.0 * total.flatten());
    };
    // Each row of either kind has a coefficient of its own, which is rounded.
    const auto up = shares.narrow(0, 0, kRecovered) * energy_of(positives);
    const auto down = shares.narrow(0, kRecovered, kRecovered) * energy_of(negatives);
    const auto loss = (up - down).mean();
    auto values = torch::autograd::grad({loss}, exact.trainable(), {}, true, false, true);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
    }
    for (const auto& mean : {loss, up.mean(), down.mean()}) values.push_back(mean.detach());
    return values;
  };
  const InDouble wanted = in_double(net, 2 * kRecovered, formula);
  by_each_backend(architecture, [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found =
        recovery_likelihood(evaluated, {positives, {}, levels, context}, negatives, data_sd);
    EXPECT_EQ(std::ssize(found.energies), 2 * kRecovered);
    EXPECT_EQ(found.guarded_gap, found.loss);
    expect_step(found.gradient, {found.loss, found.energy_data, found.energy_samples}, net, wanted);
  });
}

TEST(RecoveryLikelihoodTest, IsItsFormula) {
  std::vector<float> levels, with_labels;
  for (std::int64_t i = 0; i < kRecovered; ++i) {
    levels.push_back(0.05f * std::pow(2.0f, static_cast<float>(i % 8)));
    with_labels.push_back(static_cast<float>(i % 4));
    with_labels.push_back(levels.back());
  }
  // Energies of new weights hardly differ.
  nets::Architecture net = nets::preset("mlp-silu", {5, 1, 1});
  net.layers.emplace_back(nets::Activation{nets::ActivationKind::kScale, 20.0});
  for (const double data_sd : {0.0, 0.8}) {
    SCOPED_TRACE(data_sd);
    expect_recovery(nets::with_noise_level(net), levels, levels, data_sd);
    expect_recovery(nets::with_noise_level(nets::with_classes(net, 3, nets::ClassCondition::kFilm)),
                    levels, with_labels, data_sd);
  }
  // With kinks: nothing is differentiated twice.
  expect_recovery(nets::with_noise_level(nets::preset("mlp", {5, 1, 1})), levels, levels, 0.8);
}

}  // namespace
}  // namespace ebm::torch_nets
