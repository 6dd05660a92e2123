#include "training/adam.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "tests/nets/expect_error.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::training {
namespace {

constexpr std::size_t kN = 37;  // two registers and a rest

float gradient_at(int t, std::size_t i) {
  return 0.3f * std::sin(static_cast<float>(i) + 0.7f * static_cast<float>(t));
}

/// A tensor of ones with its optimiser.
struct Ones {
  explicit Ones(const AdamOptions& options, std::size_t n = kN)
      : values(n, 1.0f), adam({{"w", {static_cast<std::int64_t>(n)}, values}}, options) {}
  void step(int t, double rate) {
    std::vector<float> gradient(values.size());
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = gradient_at(t, i);
    adam.step({gradient}, rate);
  }
  std::vector<float> values;
  Adam adam;
};

// A step is at most some 0.1·√(1/(1 − β₂)) long; five of them are rounded to 2⁻²⁴ of numbers near 1
// a dozen times each.
TEST(AdamTest, FollowsItsFormulaInDoublePrecision) {
  samplers::on_every_target([] {
    Ones found({.beta1 = 0.9, .beta2 = 0.99});
    std::vector<double> theta(kN, 1.0), m(kN), v(kN);
    for (int t = 1; t <= 5; ++t) {
      found.step(t, 0.1);
      for (std::size_t i = 0; i < kN; ++i) {
        const double g = gradient_at(t, i);
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.99 * v[i] + 0.01 * g * g;
        theta[i] -= 0.1 * (m[i] / (1 - std::pow(0.9, t))) /
                    (std::sqrt(v[i] / (1 - std::pow(0.99, t))) + 1e-8);
      }
    }
    for (std::size_t i = 0; i < kN; ++i) EXPECT_NEAR(found.values[i], theta[i], 3e-6) << i;
  });
}

TEST(AdamTest, AValueDoesNotDependOnThoseBesideIt) {
  samplers::on_every_target([] {
    Ones many({.beta1 = 0.5}), few({.beta1 = 0.5}, 5);
    for (int t = 1; t <= 3; ++t) {
      many.step(t, 0.01);
      few.step(t, 0.01);
    }
    EXPECT_TRUE(std::equal(few.values.begin(), few.values.end(), many.values.begin()));
  });
}

TEST(AdamTest, RestoredStateGoesOnAsIfNothingHappened) {
  Ones through({.beta1 = 0.9}), first({.beta1 = 0.9});
  for (int t = 0; t < 6; ++t) through.step(t, 0.01);
  for (int t = 0; t < 3; ++t) first.step(t, 0.01);
  EXPECT_TRUE(first.adam.state().tensors.contains("exp_avg_sq.w"));
  Ones second({.beta1 = 0.9});
  second.values = first.values;
  Adam adam({{"w", {kN}, second.values}}, {.beta1 = 0.9});
  adam.restore(nets::parse_safetensors(nets::safetensors_bytes(first.adam.state()), "m"), "m");
  second.adam = std::move(adam);
  for (int t = 3; t < 6; ++t) second.step(t, 0.01);
  EXPECT_EQ(second.values, through.values);
}

TEST(AdamTest, BadOptionsAndStatesAreRefused) {
  EXPECT_THROW(Adam({}, {.beta1 = 1.0}), Error);
  EXPECT_THROW(Adam({}, {.beta2 = -0.1}), Error);
  Ones ones({}), more({}, kN + 1);
  nets::expect_error(ErrorCode::kBadData, "m: tensor exp_avg.w is missing",
                     [&] { ones.adam.restore({}, "m"); });
  nets::expect_error(ErrorCode::kBadData, "m: tensor exp_avg.w has shape [38]; expected [37]",
                     [&] { ones.adam.restore(more.adam.state(), "m"); });
}

TEST(GradientTest, NormIsThatOfAllTensorsAndClippingKeepsTheDirection) {
  std::vector<std::vector<float>> gradient{{3.0f}, {0.0f, 4.0f}};
  const TensorViews views = views_of(gradient);
  EXPECT_DOUBLE_EQ(gradient_norm(views), 5.0);
  clip_gradient(views, 5.0, 10.0);
  EXPECT_DOUBLE_EQ(gradient_norm(views), 5.0);
  clip_gradient(views, 5.0, 0.0);
  EXPECT_DOUBLE_EQ(gradient_norm(views), 5.0);
  clip_gradient(views, 5.0, 1.0);
  EXPECT_NEAR(gradient[0][0], 0.6f, 1e-6f);
  EXPECT_NEAR(gradient[1][1], 0.8f, 1e-6f);
}

}  // namespace
}  // namespace ebm::training
