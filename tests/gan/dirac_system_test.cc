#include "gan/dirac_system.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"

namespace ebm::gan {
namespace {

const std::vector<double> kState{0.3, -0.4, 1.2, 0.5};  // phi, theta; ‖phi‖ = 0.5, ‖theta‖ = 1.3
constexpr double kS = 0.3 * 1.2 - 0.4 * 0.5;            // 0.16

std::vector<double> rates_of(DiracKind kind, const DiracOptions& options,
                             const std::vector<double>& state = kState) {
  std::vector<double> rates(state.size());
  dirac_system(kind, options).rates(state, rates);
  return rates;
}

void expect_rates(DiracKind kind, const DiracOptions& options,
                  const std::vector<double>& expected) {
  const std::vector<double> rates = rates_of(kind, options);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(rates[i], expected[i], 1e-14)
        << base::name_of("system", kDiracKinds, kind) << ", rate " << i;
  }
}

TEST(DiracSystemTest, RatesAreTheirFormulas) {
  const double sigma = 1.0 / (1.0 + std::exp(-kS));
  expect_rates(DiracKind::kMinimax, {.penalty = 0.5},
               {-sigma * 1.2 - 0.3, -sigma * 0.5 + 0.4, sigma * 0.3, -sigma * 0.4});
  expect_rates(DiracKind::kNonSaturating, {.penalty = 0.5},
               {-sigma * 1.2 - 0.3, -sigma * 0.5 + 0.4, (1 - sigma) * 0.3, -(1 - sigma) * 0.4});
  expect_rates(DiracKind::kWgan, {.penalty = 0.5}, {-1.2 - 0.3, -0.5 + 0.4, 0.3, -0.4});
  // u = (0.6, -0.8), theta·u = 0.32.
  expect_rates(DiracKind::kWganUnit, {},
               {-(1.2 - 0.32 * 0.6) / 0.5, -(0.5 + 0.32 * 0.8) / 0.5, 0.6, -0.8});
  expect_rates(DiracKind::kWganGp, {.penalty = 0.35},
               {-1.2 + 0.35 * 0.6, -0.5 - 0.35 * 0.8, 0.3, -0.4});
  const double qp = 1.0 + 0.16 / (2.0 * 1.3);
  expect_rates(DiracKind::kGanQp, {.qp_scale = 2.0}, {-qp * 1.2, -qp * 0.5, 0.3, -0.4});
}

TEST(DiracSystemTest, AnEnergyWithABufferFollowsItsFormula) {
  const DiracOptions options{.restart_probability = 0.25,
                             .walk = 2.0,
                             .refresh = 0.125,
                             .energy_l2 = 0.5,
                             .chain_variance = 0.2};
  const double x = 0.75 * 1.2 + 2.0 * 0.3, y = 0.75 * 0.5 - 2.0 * 0.4;  // 1.5, -0.425
  const double depth = 0.3 * x - 0.4 * y;
  expect_rates(DiracKind::kEnergy, options,
               {-x - (0.2 * 0.3 + depth * x), -y - (-0.2 * 0.4 + depth * y), 0.125 * (x - 1.2),
                0.125 * (y - 0.5)});
}

// The loss E(0)-terms + E(x) + α·(v‖φ‖² + (φ·x)²) with x held, by difference quotients.
TEST(DiracSystemTest, TheEnergyDescendsItsLoss) {
  const DiracOptions options{
      .restart_probability = 0.25, .walk = 2.0, .energy_l2 = 0.5, .chain_variance = 0.2};
  const double x[2] = {0.75 * 1.2 + 2.0 * 0.3, 0.75 * 0.5 - 2.0 * 0.4};
  const auto loss = [&](double a, double b) {
    const double s = a * x[0] + b * x[1];
    return s + options.energy_l2 * (options.chain_variance * (a * a + b * b) + s * s);
  };
  const std::vector<double> rates = rates_of(DiracKind::kEnergy, options);
  constexpr double kH = 1e-6;
  EXPECT_NEAR(rates[0], -(loss(0.3 + kH, -0.4) - loss(0.3 - kH, -0.4)) / (2 * kH), 1e-8);
  EXPECT_NEAR(rates[1], -(loss(0.3, -0.4 + kH) - loss(0.3, -0.4 - kH)) / (2 * kH), 1e-8);
}

TEST(DiracSystemTest, ZeroVectorsHaveNoDirection) {
  for (const auto& [name, kind] : kDiracKinds) {
    for (const double rate : rates_of(kind, {}, {0.0, 0.0, 0.0, 0.0})) EXPECT_EQ(rate, 0.0) << name;
  }
}

TEST(DiracSystemTest, RefusesWhatIsWrong) {
  const auto message = [](DiracKind kind, const DiracOptions& options) -> std::string {
    try {
      dirac_system(kind, options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(message(DiracKind::kNonSaturating, {.penalty = -1.0}),
            "penalty = -1: must be 0 or above");
  EXPECT_EQ(message(DiracKind::kNonSaturating, {.penalty = NAN}),
            "penalty = nan: must be 0 or above");
  EXPECT_EQ(message(DiracKind::kGanQp, {.qp_scale = 0.0}), "qp_scale = 0: must be above 0");
  EXPECT_EQ(message(DiracKind::kWgan, {.clip = 0.0}), "clip = 0: must be above 0");
  EXPECT_EQ(message(DiracKind::kEnergy, {.restart_probability = 1.5}),
            "restart_probability = 1.5: must be from 0 to 1");
}

TEST(DiracSystemTest, OptionsThatASystemDoesNotReadAreRefused) {
  const auto message = [](DiracKind kind, const std::vector<std::string>& given) -> std::string {
    try {
      require_options_of(kind, given);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(DiracKind::kWganUnit, {"time", "penalty"}),
            "penalty: not for wgan-unit; it is a parameter of minimax, ns, wgan, wgan-gp");
  EXPECT_EQ(message(DiracKind::kWgan, {"qp-scale"}),
            "qp-scale: not for wgan; it is a parameter of gan-qp");
  EXPECT_EQ(message(DiracKind::kMinimax, {"walk"}),
            "walk: not for minimax; it is a parameter of ebm");
  EXPECT_EQ(message(DiracKind::kEnergy, {"walk", "refresh", "variance", "energy-l2", "steps"}), "");
  EXPECT_EQ(message(DiracKind::kWganGp, {"penalty"}), "");
}

TEST(DiracSystemTest, EveryKindIsDescribed) {
  const std::string text = describe_dirac_systems();
  for (const auto& kind : kDiracKinds) {
    EXPECT_NE(text.find(std::string("\n  ") + kind.name + " "), std::string::npos) << kind.name;
  }
}

}  // namespace
}  // namespace ebm::gan
