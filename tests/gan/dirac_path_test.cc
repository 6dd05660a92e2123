#include "gan/dirac_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::gan {
namespace {

const std::vector<double> kStart{0.1, 0.2, 0.2, 0.1};  // phi, theta

double norm(std::span<const double> a) {
  double sum = 0.0;
  for (const double x : a) sum += x * x;
  return std::sqrt(sum);
}

double norm_of_phi(const std::vector<double>& state) { return norm(std::span(state).first(2)); }
double norm_of_theta(const std::vector<double>& state) { return norm(std::span(state).last(2)); }

// θ₁φ₂ − θ₂φ₁.
double angular_momentum(const std::vector<double>& y) { return y[2] * y[1] - y[3] * y[0]; }

DiracPath flow(DiracKind kind, const DiracOptions& options, double end, double step = 0.05) {
  return solve_flow(dirac_system(kind, options), kStart, end, step);
}

TEST(FlowTest, OfNonSaturatingGanEndsOnACircle) {
  const DiracPath path = flow(DiracKind::kNonSaturating, {}, 2000.0);
  EXPECT_NEAR(norm_of_theta(path.states.back()), 0.17321, 5e-6);
  for (const auto& state : path.states) EXPECT_NEAR(angular_momentum(state), 0.03, 3e-7);
}

TEST(FlowTest, OfAUnitCriticStaysInABand) {
  const DiracPath path = flow(DiracKind::kWganUnit, {}, 2000.0);
  double least = 1e9, greatest = 0.0;
  for (const auto& state : path.states) {
    EXPECT_NEAR(norm_of_phi(state), std::sqrt(0.05), 2e-6);
    least = std::min(least, norm_of_theta(state));
    greatest = std::max(greatest, norm_of_theta(state));
  }
  EXPECT_NEAR(least, 0.0879, 5e-5);
  EXPECT_NEAR(greatest, 0.3986, 5e-5);
}

TEST(FlowTest, OfAPenaltyCentredAtZeroConverges) {
  EXPECT_NEAR(norm_of_theta(flow(DiracKind::kWgan, {.penalty = 0.1}, 40.0).states.back()), 0.0024,
              5e-5);
}

TEST(FlowTest, OfAPenaltyCentredAtOneIsALimitCycle) {
  EXPECT_NEAR(norm_of_theta(flow(DiracKind::kWganGp, {.penalty = 0.1}, 400.0).states.back()), 1.0,
              5e-6);
}

TEST(FlowTest, OfGanQpEndsOnACircle) {
  const DiracPath path = flow(DiracKind::kGanQp, {}, 2000.0);
  EXPECT_NEAR(norm_of_theta(path.states.back()), 0.17321, 5e-6);
  for (const auto& state : path.states) EXPECT_NEAR(angular_momentum(state), 0.03, 3e-7);
}

// φ'' = −φ − 2λφ' has the solution e^{−λt}(A cos ωt + B sin ωt), ω = √(1 − λ²).
TEST(FlowTest, EqualsTheClosedFormOfADampedOscillator) {
  const double lambda = 0.1, omega = std::sqrt(1.0 - lambda * lambda);
  const DiracPath path = flow(DiracKind::kWgan, {.penalty = lambda}, 30.0, 0.25);
  ASSERT_EQ(path.times.size(), 121u);
  for (std::size_t i = 0; i < path.times.size(); ++i) {
    const double t = path.times[i];
    EXPECT_DOUBLE_EQ(t, 0.25 * static_cast<double>(i));
    for (std::size_t k = 0; k < 2; ++k) {
      const double a = kStart[k], rate = -kStart[k + 2] - 2.0 * lambda * a;
      const double b = (rate + lambda * a) / omega;
      EXPECT_NEAR(path.states[i][k],
                  std::exp(-lambda * t) * (a * std::cos(omega * t) + b * std::sin(omega * t)),
                  1e-8);
    }
  }
}

struct Steps {
  DiracKind kind;
  DiracOptions options;
  double simultaneous, alternating;
};

// From (θ, φ) = (1, −1), 500 steps of 0.2; to the digits that are known.
TEST(StepsTest, EndAtTheKnownDistances) {
  const Steps cases[] = {
      {DiracKind::kMinimax, {}, 3.097, 1.421},
      {DiracKind::kNonSaturating, {}, 0.640, 0.284},
      {DiracKind::kWgan, {.clip = 1.0}, 1.002, 1.024},
      {DiracKind::kWganGp, {.penalty = 0.35}, 1.802, 1.221},
      {DiracKind::kMinimax, {.penalty = 0.15}, 2.643e-6, 2.301e-7},
  };
  const std::vector<double> start{-1.0, 1.0};
  for (const Steps& each : cases) {
    const DiracSystem system = dirac_system(each.kind, each.options);
    const auto distance = [&](Turns turns) {
      return norm(take_steps(system, start, 500, 0.2, turns).states.back());
    };
    const auto half_digit = [](double value) { return value < 1e-3 ? value * 2e-4 : 5.1e-4; };
    EXPECT_NEAR(distance(Turns::kSimultaneous), each.simultaneous, half_digit(each.simultaneous))
        << base::name_of("system", kDiracKinds, each.kind);
    EXPECT_NEAR(distance(Turns::kAlternating), each.alternating, half_digit(each.alternating))
        << base::name_of("system", kDiracKinds, each.kind);
  }
  const DiracSystem minimax = dirac_system(DiracKind::kMinimax, {});
  const std::vector<double> other{1.0, 1.0};
  EXPECT_NEAR(norm(take_steps(minimax, other, 500, 0.2, Turns::kSimultaneous).states.back()), 3.353,
              5.1e-4);
  EXPECT_NEAR(norm(take_steps(minimax, other, 500, 0.2, Turns::kAlternating).states.back()), 1.495,
              5.1e-4);
}

TEST(StepsTest, AreAllKept) {
  const DiracPath path = take_steps(dirac_system(DiracKind::kWgan, {}), std::vector{1.0, 2.0}, 2,
                                    0.5, Turns::kSimultaneous);
  EXPECT_EQ(path.times, (std::vector{0.0, 1.0, 2.0}));
  EXPECT_EQ(path.states[1], (std::vector{0.0, 2.5}));
  EXPECT_EQ(path.states[2], (std::vector{-1.25, 2.5}));
}

TEST(StepsTest, OfThetaComeFirstInTurns) {
  const DiracPath path = take_steps(dirac_system(DiracKind::kWgan, {.clip = 0.2}),
                                    std::vector{1.0, 2.0}, 1, 0.5, Turns::kAlternating);
  // θ to 2.5, then φ to 1 − 1.25, clipped.
  EXPECT_EQ(path.states[1], (std::vector{-0.2, 2.5}));
}

template <class F>
std::string message_of(F&& f, ErrorCode code) {
  try {
    f();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "nothing was thrown";
}

TEST(DiracPathTest, RefusesWhatIsWrong) {
  const DiracSystem system = dirac_system(DiracKind::kWgan, {});
  const auto steps = [&](std::vector<double> start, std::int64_t n, double step) {
    return message_of([&] { take_steps(system, start, n, step, Turns::kSimultaneous); },
                      ErrorCode::kUsage);
  };
  EXPECT_EQ(steps({}, 1, 0.1), "start: has 0 numbers; must be phi and theta of one size");
  EXPECT_EQ(steps({1, 2, 3}, 1, 0.1), "start: has 3 numbers; must be phi and theta of one size");
  EXPECT_EQ(steps({1, NAN}, 1, 0.1), "start: must be finite numbers");
  EXPECT_EQ(steps({1, 2}, 0, 0.1), "steps = 0: must be at least 1");
  EXPECT_EQ(steps({1, 2}, 1, 0.0), "step_size = 0: must be above 0");
  EXPECT_EQ(message_of([&] { solve_flow(system, kStart, 1.0, 2.0); }, ErrorCode::kUsage),
            "step = 2: must be at most the time 1");
}

TEST(DiracPathTest, SaysWhenItLeavesTheFiniteNumbers) {
  // The growth a step is √(1 + 100²).
  EXPECT_EQ(message_of(
                [] {
                  take_steps(dirac_system(DiracKind::kWgan, {}), std::vector{1.0, 0.0}, 1000, 100.0,
                             Turns::kSimultaneous);
                },
                ErrorCode::kDiverged),
            "the state became non-finite (NaN or infinity) at step 155");
}

}  // namespace
}  // namespace ebm::gan
