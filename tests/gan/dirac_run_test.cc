#include "gan/dirac_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/error.h"

namespace ebm::gan {
namespace {

DiracPath path_of(std::vector<std::vector<double>> states) {
  DiracPath path;
  for (std::size_t i = 0; i < states.size(); ++i) path.times.push_back(static_cast<double>(i));
  path.states = std::move(states);
  return path;
}

TEST(DiracRunTest, AStepOfTheLinearGameIsThatOfItsMatrix) {
  // wgan: φ <- φ − λθ and θ <- θ + λφ at once, a turn that grows by √(1 + λ²).
  const DiracPath path = run_dirac(dirac_system(DiracKind::kWgan, {}),
                                   {.phi = {1.0}, .theta = {0.0}, .n_steps = 2, .step_size = 0.5});
  ASSERT_EQ(path.states.size(), 3u);
  EXPECT_EQ(path.times[2], 2.0);
  EXPECT_EQ(path.states[1], (std::vector<double>{1.0, 0.5}));
  EXPECT_EQ(path.states[2], (std::vector<double>{0.75, 1.0}));
}

TEST(DiracRunTest, TheFlowOfTheLinearGameIsACircle) {
  const DiracPath path =
      run_dirac(dirac_system(DiracKind::kWgan, {}), {.phi = {1.0}, .theta = {0.0}, .time = 3.0});
  EXPECT_EQ(path.times.back(), 3.0);
  EXPECT_NEAR(path.states.back()[0], std::cos(3.0), 1e-8);
  EXPECT_NEAR(path.states.back()[1], std::sin(3.0), 1e-8);
}

TEST(DiracRunTest, FiguresStandAtEvenDistances) {
  std::vector<std::vector<double>> states;
  for (int i = 0; i < 9; ++i) states.push_back({static_cast<double>(i), 0.0});
  const auto some = figures_along(path_of(states), 4);
  ASSERT_EQ(some.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(some[i].time, 2.0 * static_cast<double>(i));
    EXPECT_EQ(some[i].phi_norm, 2.0 * static_cast<double>(i));
  }
  EXPECT_EQ(figures_along(path_of(states), 100).size(), 9u);
  EXPECT_EQ(figures_along(path_of({{1.0, 2.0}}), 100).size(), 1u);
}

TEST(DiracRunTest, FiguresAreNormsAndInThePlaneAngularMomentum) {
  // φ = (3, 4), θ = (1, 2): θ₁φ₂ − θ₂φ₁ = 4 − 6.
  const auto plane = figures_along(path_of({{3.0, 4.0, 1.0, 2.0}}), 1);
  EXPECT_DOUBLE_EQ(plane[0].phi_norm, 5.0);
  EXPECT_DOUBLE_EQ(plane[0].theta_norm, std::sqrt(5.0));
  EXPECT_DOUBLE_EQ(plane[0].angular_momentum.value(), -2.0);
  EXPECT_FALSE(figures_along(path_of({{3.0, 4.0}}), 1)[0].angular_momentum);
}

TEST(DiracRunTest, AnalysisIsOfTheFlowAndOfTheStepsThatAreTaken) {
  const DiracSystem minimax = dirac_system(DiracKind::kMinimax, {});
  const DiracAnalysis flow = analyse_run(minimax, {.phi = {1.0}, .theta = {0.0}});
  ASSERT_TRUE(flow.flow);
  EXPECT_NEAR(flow.flow->greatest_real_part, 0.0, 1e-8);
  EXPECT_FALSE(flow.spectral_radius);
  const DiracAnalysis steps =
      analyse_run(minimax, {.phi = {1.0}, .theta = {0.0}, .n_steps = 5, .step_size = 0.2});
  EXPECT_NEAR(steps.spectral_radius.value(), std::sqrt(1.0 + 0.2 * 0.2 / 4.0), 1e-8);
  EXPECT_FALSE(analyse_run(dirac_system(DiracKind::kWganUnit, {}), {}).flow);
}

TEST(DiracRunTest, RunsWithoutAnEndAreRefused) {
  DiracRun{}.validate();
  const auto message = [](const DiracRun& run) -> std::string {
    try {
      run.validate();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message({.phi = {1.0, 2.0}, .theta = {1.0}}),
            "phi: has 2 coordinates, theta 1; they must be as many");
  EXPECT_EQ(message({.time = 1e6}), "time = 1e+06: must be at most 100000");
  EXPECT_EQ(message({.n_steps = 10'000'001}), "steps = 10000001: must be at most 10000000");
  EXPECT_EQ(message({.time = 1e6, .n_steps = 10}), "");  // the time is not used
}

}  // namespace
}  // namespace ebm::gan
