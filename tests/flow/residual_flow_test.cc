#include "flow/residual_flow.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "flow/flow_model.h"
#include "flow/log_determinant.h"
#include "tests/flow/example_flows.h"
#include "tests/nets/expect_error.h"

namespace ebm::flow {
namespace {
using nets::expect_error;

torch::Tensor exact(std::int64_t, const torch::Tensor& x, const torch::Tensor& g) {
  return exact_log_det(x, g, false);
}

TEST(ResidualFlowTest, OneBlockByHand) {
  // x in one dimension, elu: z = y + w₃·elu(w₂·elu(w₁·y + b₁) + b₂) + b₃, y = e^s·(x + t).
  ResidualFlow flow({.item = {1, 1, 1}, .blocks = 1, .hidden = 1}, 1);
  const double s = 0.3, t = -0.2, w1 = 0.8, b1 = -0.5, w2 = -0.7, b2 = 0.1, w3 = 0.6, b3 = 0.4;
  const torch::NoGradGuard no_grad;
  const std::vector<double> values{t, s, w1, b1, w2, b2, w3, b3};
  ASSERT_EQ(flow.names(),
            (std::vector<std::string>{"blocks.0.norm.shift", "blocks.0.norm.log_scale",
                                      "blocks.0.branch.0.weight", "blocks.0.branch.0.bias",
                                      "blocks.0.branch.2.weight", "blocks.0.branch.2.bias",
                                      "blocks.0.branch.4.weight", "blocks.0.branch.4.bias"}));
  for (std::size_t i = 0; i < values.size(); ++i) flow.tensors()[i].fill_(values[i]);
  const auto elu = [](double a) { return a > 0 ? a : std::expm1(a); };
  const auto slope = [](double a) { return a > 0 ? 1.0 : std::exp(a); };
  const torch::AutoGradMode with_grad(true);
  const ResidualFlow frozen = flow.frozen(torch::kFloat64);
  for (const double x : {-1.5, 0.0, 0.9, 2.5}) {
    const double y = std::exp(s) * (x + t);
    const double a = w1 * y + b1, b = w2 * elu(a) + b2;
    const double z = y + w3 * elu(b) + b3;
    const double dz = (1.0 + w3 * slope(b) * w2 * slope(a) * w1) * std::exp(s);
    const auto at = torch::tensor({{x}}, torch::kFloat64).requires_grad_();
    const auto pass = frozen.forward(at, exact);
    EXPECT_NEAR(pass.z.item<double>(), z, 1e-7);
    EXPECT_NEAR(pass.log_det.item<double>(), std::log(std::abs(dz)), 1e-7);
    EXPECT_NEAR(frozen.log_density(at, exact).item<double>(),
                -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi) + std::log(std::abs(dz)), 1e-7);
  }
}

TEST(ResidualFlowTest, TheLogDeterminantIsThatOfTheWholeMap) {
  for (const ResidualFlow& flow : {bent_images(), bent_square()}) {
    const ResidualFlow frozen = flow.frozen(torch::kFloat64);
    const std::int64_t dim = flow.architecture().item.size();
    const auto x = (0.3 * normal_rows(3, dim)).to(torch::kFloat64).requires_grad_();
    const auto pass = frozen.forward(x, exact);
    // ActNorms, squeezes and logits included, by all gradients of z.
    std::vector<torch::Tensor> rows;
    for (std::int64_t i = 0; i < dim; ++i) {
      rows.push_back(torch::autograd::grad({pass.z.select(1, i).sum()}, {x}, {}, true)[0]);
    }
    const auto whole = std::get<1>(torch::slogdet(torch::stack(rows, 1)));
    EXPECT_LT((whole - pass.log_det).abs().max().item<double>(), 1e-12);
  }
}

TEST(ResidualFlowTest, ALogitIsItsFormula) {
  // α = ¼: u = ½, 3/8 and 3/4 of 0, −½ and 1; y = ln(u/(1 − u)), dy/dx = ¼/(u·(1 − u)).
  const auto x = torch::tensor({{0.0, -0.5, 1.0}}, torch::kFloat64);
  const Logit found = logit(x, 0.25);
  const auto y = torch::tensor({{0.0, std::log(0.6), std::log(3.0)}}, torch::kFloat64);
  EXPECT_LT((found.y - y).abs().max().item<double>(), 1e-15);
  EXPECT_NEAR(found.log_det.item<double>(), std::log(1.0 * (16.0 / 15.0) * (4.0 / 3.0)), 1e-14);
  EXPECT_LT((inverse_logit(y, 0.25) - x).abs().max().item<double>(), 1e-15);
  // The walls of [−1, 1] are within, what lies beyond u = 1 is not.
  EXPECT_TRUE(logit(torch::tensor({{-1.0, 1.0}}), 1e-6).y.isfinite().all().item<bool>());
  EXPECT_TRUE(logit(torch::tensor({{1.01}}), 1e-6).y.isnan().item<bool>());
}

TEST(ResidualFlowTest, TheDensityBehindALogitIntegratesToOne) {
  const ResidualFlow flow = bent_square().frozen(torch::kFloat64);
  // u from 0 to 1 is x within ±1/(1 − 2α); midpoints.
  constexpr std::int64_t kSide = 400;
  const double wall = 1.0 / 0.9, step = 2.0 * wall / double{kSide};
  const auto axis = -wall + step * (torch::arange(kSide, torch::kFloat64) + 0.5);
  const auto grid = torch::stack({axis.repeat_interleave(kSide), axis.repeat({kSide})}, 1);
  const auto density = flow.log_density(grid.requires_grad_(), exact).exp();
  EXPECT_NEAR(density.sum().item<double>() * step * step, 1.0, 1e-3);
}

TEST(ResidualFlowTest, TheDensityIntegratesToOne) {
  for (const auto activation : {nets::ActivationKind::kElu, nets::ActivationKind::kSilu}) {
    const ResidualFlow flow = bent_plane(activation).frozen(torch::kFloat64);
    constexpr std::int64_t kSide = 201;
    const double step = 20.0 / static_cast<double>(kSide - 1);
    const auto axis = torch::linspace(-10.0, 10.0, kSide, torch::kFloat64);
    const auto grid = torch::stack({axis.repeat_interleave(kSide), axis.repeat({kSide})}, 1);
    const auto density = flow.log_density(grid.requires_grad_(), exact).exp();
    EXPECT_NEAR(density.sum().item<double>() * step * step, 1.0, 1e-3)
        << static_cast<int>(activation);
    // It is not the normal one.
    EXPECT_GT(density.max().item<double>(), 0.2);
  }
}

TEST(ResidualFlowTest, NoBlockIsSteeperThanIsSaid) {
  const ResidualFlow flow = bent_images().frozen(torch::kFloat64);
  const auto constants = flow.lipschitz_constants(300);
  const auto x = normal_rows(8, 16).to(torch::kFloat64).reshape({8, 4, 2, 2}).requires_grad_();
  for (std::int64_t block = 0; block < 3; ++block) {
    EXPECT_LE(constants[static_cast<std::size_t>(block)], 0.729 * (1 + 1e-6));
    EXPECT_GT(constants[static_cast<std::size_t>(block)], 0.7);
    const auto g = flow.branch(block, x).flatten(1);
    std::vector<torch::Tensor> rows;
    for (std::int64_t i = 0; i < 16; ++i) {
      rows.push_back(torch::autograd::grad({g.select(1, i).sum()}, {x}, {}, true)[0].flatten(1));
    }
    const auto norms = torch::linalg_matrix_norm(torch::stack(rows, 1), 2);
    EXPECT_LE(norms.max().item<double>(), constants[static_cast<std::size_t>(block)]);
  }
}

TEST(ResidualFlowTest, NormsStartWhereABatchHasMeanZeroAndVarianceOne) {
  ResidualFlow flow({.item = {1, 4, 4}, .squeezes = 1, .blocks = 2, .hidden = 5}, 2);
  const auto rows = 3.0 * normal_rows(50, 16) + 1.5;
  flow.initialise_norms(rows);
  const torch::NoGradGuard no_grad;
  auto x = squares_to_channels(rows.reshape({50, 1, 4, 4}));
  for (std::int64_t block = 0; block < 2; ++block) {
    x = flow.normalise(block, x);
    const auto values = x.transpose(0, 1).flatten(1);
    EXPECT_LT(values.mean(1).abs().max().item<double>(), 1e-5);
    EXPECT_LT((values.var(1, false) - 1.0).abs().max().item<double>(), 1e-4);
    EXPECT_LT((flow.denormalise(block, flow.normalise(block, x)) - x).abs().max().item<double>(),
              1e-5);
    x = x + flow.branch(block, x);
  }
}

TEST(ResidualFlowTest, SquaresBecomeChannelsAndBack) {
  const auto x = torch::arange(16, torch::kFloat32).reshape({1, 1, 4, 4});
  const auto y = squares_to_channels(x);
  EXPECT_EQ(y.sizes().vec(), (std::vector<std::int64_t>{1, 4, 2, 2}));
  EXPECT_TRUE(torch::equal(y[0][1], torch::tensor({{1.0f, 3.0f}, {9.0f, 11.0f}})));
  EXPECT_TRUE(torch::equal(channels_to_squares(y), x));
}

TEST(ResidualFlowTest, IsTheSameAfterAFile) {
  const ResidualFlow flow = bent_images();
  const auto bytes = nets::safetensors_bytes(flow_file(flow, "toy:rings"));
  const ResidualFlow found = flow_of(nets::parse_safetensors(bytes, "m"), "m");
  EXPECT_EQ(found.architecture(), flow.architecture());
  const auto x = normal_rows(2, 16);
  EXPECT_TRUE(torch::equal(found.forward(x), flow.forward(x)));
}

TEST(ResidualFlowTest, OtherFilesAreRefused) {
  const auto file = flow_file(bent_plane(), "toy:rings");
  auto other = file;
  other.metadata.erase("flow");
  expect_error(ErrorCode::kBadData, "its metadata has no flow", [&] { flow_of(other, "m"); });
  other = file;
  other.tensors.erase("blocks.1.branch.3.weight");
  expect_error(ErrorCode::kBadData, "blocks.1.branch.3.weight is missing",
               [&] { flow_of(other, "m"); });
  other = file;
  other.tensors.emplace("more", other.tensors.begin()->second);
  expect_error(ErrorCode::kBadData, "more does not belong to the flow",
               [&] { flow_of(other, "m"); });
  // Doubled weights of one layer: 0.729·2.
  other = file;
  auto& tensor = other.tensors.at("blocks.2.branch.3.weight");
  std::vector<float> values(tensor.as_floats().begin(), tensor.as_floats().end());
  for (float& value : values) value *= 2.0f;
  tensor = nets::TensorData::from_floats(tensor.shape, values);
  expect_error(ErrorCode::kBadData, "block 2 has the Lipschitz constant 1.4",
               [&] { flow_of(other, "m"); });
  values[0] = std::nanf("");
  tensor = nets::TensorData::from_floats(tensor.shape, values);
  expect_error(ErrorCode::kBadData, "holds nan; expected finite numbers",
               [&] { flow_of(other, "m"); });
}

}  // namespace
}  // namespace ebm::flow
