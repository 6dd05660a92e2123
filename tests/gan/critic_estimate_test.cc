#include "gan/critic_estimate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "metrics/wasserstein/optimal_transport.h"
#include "nets/architecture/presets.h"

namespace ebm::gan {
namespace {

nets::Linear linear(std::int64_t n) {
  nets::Linear layer;
  layer.out_features = n;
  return layer;
}

/// A critic D(x) = w·x + b.
nets::Architecture linear_critic(std::int64_t dim) {
  return {.name = "linear", .input = {dim, 1, 1}, .layers = {linear(1)}};
}

/// Points of the standard normal distribution, and the same moved by a vector.
struct ShiftedPoints {
  std::vector<float> x, y;
  std::int64_t n, d;

  ShiftedPoints(std::int64_t n_points, const std::vector<float>& shift)
      : n(n_points), d(static_cast<std::int64_t>(shift.size())) {
    base::RandomStream random({3, base::Domain::kToyData}, 0);
    for (std::int64_t i = 0; i < n; ++i) {
      for (const float s : shift) {
        y.push_back(static_cast<float>(random.next_normal()));
        x.push_back(y.back() + s);
      }
    }
  }
  metrics::FeatureView x_view() const { return {x, n, d, "x"}; }
  metrics::FeatureView y_view() const { return {y, n, d, "y"}; }
};

// s·m − λ(s − 1)² is greatest at s = 1 + m/(2λ).
TEST(CriticEstimateTest, ALinearCriticWithAPenaltyEndsAboveTheDistance) {
  const ShiftedPoints points(64, {0.6f, -0.8f});
  for (const double penalty : {2.0, 10.0}) {
    const CriticEstimate estimate =
        estimate_by_critic(linear_critic(2), points.x_view(), points.y_view(),
                           {.penalty = penalty, .batch_size = 256});
    const double slope = 1.0 + 1.0 / (2.0 * penalty);
    // Batches do not draw the same rows of both: the noise of the last steps is left.
    EXPECT_NEAR(estimate.value, slope, 0.02) << penalty;
    EXPECT_NEAR(estimate.gradient_norm, slope, 0.02) << penalty;
  }
}

TEST(CriticEstimateTest, ALinearCriticWithANormFindsTheShift) {
  const ShiftedPoints points(64, {1.2f, 0.0f, -0.9f});
  const CriticEstimate estimate =
      estimate_by_critic(linear_critic(3), points.x_view(), points.y_view(),
                         {.rule = CriticRule::kSpectralNorm, .n_iterations = 3000});
  EXPECT_NEAR(estimate.gradient_norm, 1.0, 1e-6);
  EXPECT_NEAR(estimate.value, 1.5, 2e-3);
  EXPECT_LE(estimate.value, 1.5 + 1e-5);
}

TEST(CriticEstimateTest, AnMlpWithNormsStaysBelowTheDistance) {
  const ShiftedPoints points(128, {1.0f, 0.0f});
  ShiftedPoints halves = points;
  // Half of the rows move back, so that no linear function tells the sets apart well.
  for (std::size_t i = 0; i < halves.x.size() / 2; i += 2) halves.x[i] -= 2.0f;
  const double distance = metrics::wasserstein_exact(halves.x_view(), halves.y_view());
  const nets::Architecture mlp = nets::preset("mlp", {2, 1, 1});
  const CriticEstimate bound =
      estimate_by_critic(mlp, halves.x_view(), halves.y_view(),
                         {.rule = CriticRule::kSpectralNorm, .n_iterations = 1000});
  EXPECT_NEAR(bound.gradient_norm, 1.0, 0.02);
  EXPECT_LE(bound.value / bound.gradient_norm, distance);
  EXPECT_GT(bound.value, 0.2 * distance);
  const CriticEstimate free =
      estimate_by_critic(mlp, halves.x_view(), halves.y_view(), {.n_iterations = 1000});
  EXPECT_NEAR(free.value, distance, 0.25 * distance);
}

TEST(CriticEstimateTest, BitsDoNotDependOnThreads) {
  const ShiftedPoints points(50, {1.0f, 0.5f});
  const nets::Architecture mlp = nets::preset("mlp", {2, 1, 1});
  for (const CriticRule rule : {CriticRule::kGradientPenalty, CriticRule::kSpectralNorm}) {
    const auto estimate = [&](int n_threads) {
      return estimate_by_critic(
          mlp, points.x_view(), points.y_view(),
          {.rule = rule, .n_iterations = 20, .batch_size = 100, .n_threads = n_threads});
    };
    const CriticEstimate one = estimate(1);
    for (const int n_threads : {2, 3}) {
      EXPECT_EQ(estimate(n_threads).value, one.value);
      EXPECT_EQ(estimate(n_threads).gradient_norm, one.gradient_norm);
    }
  }
}

TEST(CriticEstimateTest, RefusesWhatIsWrong) {
  const ShiftedPoints points(8, {1.0f, 0.5f});
  const auto message = [&](const nets::Architecture& net, const CriticOptions& options,
                           ErrorCode code) -> std::string {
    try {
      estimate_by_critic(net, points.x_view(), points.y_view(), options);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(message(linear_critic(3), {}, ErrorCode::kShape),
            "x has rows of 2; the critic takes 3x1x1");
  const nets::Architecture smooth{
      .name = "smooth",
      .input = {2, 1, 1},
      .layers = {linear(4), nets::Activation{nets::ActivationKind::kSilu, 0.0}, linear(1)}};
  EXPECT_EQ(
      message(smooth, {.rule = CriticRule::kSpectralNorm}, ErrorCode::kUsage),
      "layer 1 (silu): a critic held by spectral norms takes linear layers and activations of "
      "slope 1 at most");
  EXPECT_NE(message(linear_critic(2), {.penalty = 0.0}, ErrorCode::kUsage).find("penalty = 0"),
            std::string::npos);
  EXPECT_NE(message(linear_critic(2), {.learning_rate = 1e38}, ErrorCode::kDiverged)
                .find("the critic diverged at iteration"),
            std::string::npos);
}

}  // namespace
}  // namespace ebm::gan
