// Energy discrepancy by each backend, against its formula in double precision.

#include "ebm/objectives/energy_discrepancy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "tests/torch_nets/each_backend.h"
#include "tests/torch_nets/objectives/expect_step.h"
#include "tests/torch_nets/rounding_limit.h"

namespace ebm::torch_nets {
namespace {

constexpr std::int64_t kItems = 30;

/// @param labels  of each item, empty for a network without classes
void expect_discrepancy(const nets::Architecture& architecture, const std::vector<float>& labels,
                        const DiscrepancyOptions& options) {
  const std::int64_t dim = architecture.input.size(), m = options.perturbations;
  const TorchNet net(architecture, 3);
  const auto data = rows_of(kItems, dim, 0.2f), normals = rows_of(kItems * (1 + m), dim, 1.7f);
  // As the objective reads them: the points in float32.
  std::vector<float> points;
  for (std::int64_t b = 0; b < kItems; ++b) {
    for (std::int64_t j = 1; j <= m; ++j) {
      for (std::int64_t i = 0; i < dim; ++i) {
        const auto z = [&](std::int64_t row) {
          return normals[static_cast<std::size_t>((b * (1 + m) + row) * dim + i)];
        };
        points.push_back(data[static_cast<std::size_t>(b * dim + i)] +
                         static_cast<float>(options.noise_sd) * (z(0) + z(j)));
      }
    }
  }
  torch::Tensor contexts, of_points;
  if (!labels.empty()) {
    contexts = tensor_of(labels, 1);
    of_points = contexts.repeat_interleave(m, 0);
  }
  const auto loss_of = [&](const torch::Tensor& energies) {
    const auto up = energies.narrow(0, 0, kItems).unsqueeze(1);
    const auto down = energies.narrow(0, kItems, kItems * m).reshape({kItems, m});
    const auto ratios = (up - down).exp().mean(1);
    return (options.stabilisation / static_cast<double>(m) + ratios).log().mean();
  };
  // The energies and the coefficient of each row, ∂L/∂E, are rounded to float32: they have shares.
  // Those of one item do not share their errors, which matters as coefficients are of differences.
  const auto formula = [&](const TorchNet& exact, const torch::Tensor& shares) {
    const auto energies = torch::cat({exact.forward(tensor_of(data, dim), contexts),
                                      exact.forward(tensor_of(points, dim), of_points)});
    const auto rounded = (shares * energies).detach().requires_grad_(true);
    const auto coefficients = torch::autograd::grad({loss_of(rounded)}, {rounded})[0];
    auto values = torch::autograd::grad({(shares * coefficients * energies).sum()},
                                        exact.trainable(), {}, true, false, true);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(exact.trainable()[i]);
    }
    values.push_back(loss_of(rounded));
    values.push_back(rounded.narrow(0, 0, kItems).mean());
    values.push_back(rounded.narrow(0, kItems, kItems * m).mean());
    return values;
  };
  const InDouble wanted = in_double(net, kItems * (1 + m), formula);
  by_each_backend(architecture, [&](const EvaluatedNet& evaluated) {
    const ObjectiveStep found = energy_discrepancy(evaluated, {data, labels}, normals, options);
    EXPECT_EQ(std::ssize(found.energies), kItems);
    expect_step(found.gradient, {found.loss, found.energy_data, found.energy_samples}, net, wanted);
  });
}

/// A preset whose energies are some times as large: those of new weights hardly differ.
nets::Architecture steep(nets::Architecture net, double factor = 20.0) {
  net.layers.emplace_back(nets::Activation{nets::ActivationKind::kScale, factor});
  return net;
}

TEST(EnergyDiscrepancyTest, IsItsFormula) {
  std::vector<float> labels;
  for (std::int64_t i = 0; i < kItems; ++i) labels.push_back(static_cast<float>(i % 4));
  const nets::Architecture net = steep(nets::preset("mlp-silu", {5, 1, 1}));
  for (const double w : {0.0, 1.0, 30.0}) {
    SCOPED_TRACE(w);
    expect_discrepancy(net, {}, {.noise_sd = 0.7, .perturbations = 6, .stabilisation = w});
    expect_discrepancy(nets::with_classes(net, 3, nets::ClassCondition::kFilm), labels,
                       {.noise_sd = 0.9, .perturbations = 4, .stabilisation = w});
  }
}

TEST(EnergyDiscrepancyTest, IsItsFormulaWithKinksAndConvolutions) {
  expect_discrepancy(steep(nets::preset("mlp", {5, 1, 1})), {},
                     {.noise_sd = 0.7, .perturbations = 1});
  // The larger energies are, the more of a coefficient is their rounding.
  expect_discrepancy(steep(nets::preset("uva", {1, 12, 12}), 5.0), {},
                     {.noise_sd = 1.0, .perturbations = 3});
}

}  // namespace
}  // namespace ebm::torch_nets
