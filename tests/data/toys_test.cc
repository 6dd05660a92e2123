#include "data/toys.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "tests/data/test_files.h"

namespace ebm::data {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::int64_t kN = 40000;

// Tolerances are 5 standard errors: 5·sd(f)/√n for the mean of f over n items.

/// Mean over all items of f(k, x, y).
double mean_of(const std::string& name, const std::function<double(int, double, double)>& f) {
  const Dataset toy = draw_toy(name, {.n = kN, .seed = 11});
  const auto& values = std::get<std::vector<float>>(toy.values);
  double sum = 0;
  for (std::size_t i = 0; i < toy.labels.size(); ++i) {
    sum += f(toy.labels[i], values[2 * i], values[2 * i + 1]);
  }
  return sum / static_cast<double>(kN);
}

double error_of(double sd) { return 5 * sd / std::sqrt(static_cast<double>(kN)); }

TEST(ToysTest, EveryClassIsEquallyLikely) {
  for (const std::string& name : toy_names()) {
    const Dataset toy = draw_toy(name, {.n = kN, .seed = 11});
    EXPECT_EQ(toy.n, kN);
    EXPECT_EQ(toy.shape, (ItemShape{2, 1, 1}));
    EXPECT_FALSE(toy.is_image);
    std::vector<int> counts;
    for (const std::int32_t label : toy.labels) {
      if (static_cast<std::size_t>(label) >= counts.size()) {
        counts.resize(static_cast<std::size_t>(label) + 1);
      }
      ++counts[static_cast<std::size_t>(label)];
    }
    const double p = 1.0 / static_cast<double>(counts.size());
    for (const int count : counts) {
      EXPECT_NEAR(count, kN * p, 5 * std::sqrt(kN * p * (1 - p))) << name;
    }
  }
}

/// Checks that item minus centre(k) is N(0, sd²·I): means 0, squares sd² with sd √2·sd², product 0
/// with sd sd².
void expect_gaussian_modes(const std::string& name, double sd,
                           const std::function<double(int)>& center_x,
                           const std::function<double(int)>& center_y) {
  const auto moment = [&](int px, int py) {
    return mean_of(name, [&](int k, double x, double y) {
      return std::pow(x - center_x(k), px) * std::pow(y - center_y(k), py);
    });
  };
  EXPECT_NEAR(moment(1, 0), 0, error_of(sd));
  EXPECT_NEAR(moment(0, 1), 0, error_of(sd));
  EXPECT_NEAR(moment(2, 0), sd * sd, error_of(std::sqrt(2.0) * sd * sd));
  EXPECT_NEAR(moment(0, 2), sd * sd, error_of(std::sqrt(2.0) * sd * sd));
  EXPECT_NEAR(moment(1, 1), 0, error_of(sd * sd));
}

TEST(ToysTest, EightGaussiansLieOnTheUnitCircle) {
  expect_gaussian_modes(
      "8gaussians", 0.15, [](int k) { return std::cos(kPi * k / 4); },
      [](int k) { return std::sin(kPi * k / 4); });
}

TEST(ToysTest, TwentyFiveGaussiansLieOnAGrid) {
  const auto x = [](int k) { return static_cast<double>(k % 5 - 2); };
  const auto y = [](int k) {
    const int row = k / 5;
    return row - 2.0;
  };
  expect_gaussian_modes("25gaussians", 0.05, x, y);
}

TEST(ToysTest, TwoMoonsAreHalfCirclesOfRadiusOne) {
  // Turned by half a circle about 0, moon 1 is moon 0. There x = cos πu − 1/2 + 0.1·ξ has mean −1/2
  // and variance 1/2 + 0.01; y = sin πu − 1/4 + 0.1·η has mean 2/π − 1/4 and variance
  // 1/2 − 4/π² + 0.01. The squared distance from (−1/2, −1/4) is 1 + 2·0.1·ρ + 0.01·χ²₂, ρ ~ N(0,
  // 1), with mean 1.02 and variance 0.04 + 0.0004.
  const auto turned = [](int k, double v) { return k == 0 ? v : -v; };
  EXPECT_NEAR(mean_of("two-moons", [&](int k, double x, double) { return turned(k, x); }), -0.5,
              error_of(std::sqrt(0.51)));
  EXPECT_NEAR(mean_of("two-moons", [&](int k, double, double y) { return turned(k, y); }),
              2 / kPi - 0.25, error_of(std::sqrt(0.51 - 4 / (kPi * kPi))));
  const auto squared_distance = [&](int k, double x, double y) {
    return std::pow(turned(k, x) + 0.5, 2) + std::pow(turned(k, y) + 0.25, 2);
  };
  EXPECT_NEAR(mean_of("two-moons", squared_distance), 1.02, error_of(std::sqrt(0.0404)));
  // It is close to normal, so the sd of the squared deviation is near √2·0.0404; 1.1 for its skew.
  EXPECT_NEAR(
      mean_of("two-moons", [&](int k, double x,
                               double y) { return std::pow(squared_distance(k, x, y) - 1.02, 2); }),
      0.0404, error_of(1.1 * std::sqrt(2.0) * 0.0404));
}

TEST(ToysTest, RingsHaveTheirRadii) {
  // |p|² − r² = 0.1·r·ρ + 0.0025·χ²₂, ρ ~ N(0, 1): mean 0.005, variance 0.01·E r² + 0.000025, with
  // E r² = (1 + 4 + 9 + 16)/16.
  const auto excess = [](int k, double x, double y) {
    return x * x + y * y - (k + 1) * (k + 1) / 4.0;
  };
  EXPECT_NEAR(mean_of("rings", excess), 0.005, error_of(std::sqrt(0.01 * 30.0 / 16 + 0.000025)));
  // Given r about N(0.005, 0.01·r²), so its squared deviation has mean 0.018775 and variance near
  // 3·0.0001·E r⁴ − 0.018775², E r⁴ = (1 + 16 + 81 + 256)/64.
  EXPECT_NEAR(mean_of("rings", [&](int k, double x,
                                   double y) { return std::pow(excess(k, x, y) - 0.005, 2); }),
              0.018775, error_of(std::sqrt(0.0003 * 354 / 64 - 0.018775 * 0.018775)));
  // The angle is uniform: x = r·cos + 0.05·ξ has mean 0 and variance E r²/2 + 0.0025.
  const double sd = std::sqrt(15.0 / 16 + 0.0025);
  EXPECT_NEAR(mean_of("rings", [](int, double x, double) { return x; }), 0, error_of(sd));
  EXPECT_NEAR(mean_of("rings", [](int, double, double y) { return y; }), 0, error_of(sd));
}

TEST(ToysTest, CheckerboardFillsEverySecondSquareEvenly) {
  const auto left = [](int k) { return 2 * (k % 2) + (k / 2) % 2 - 2.0; };
  const auto low = [](int k) {
    const int row = k / 2;
    return row - 2.0;
  };
  EXPECT_EQ(mean_of("checkerboard",
                    [&](int k, double x, double y) {
                      const double u = x - left(k), v = y - low(k);
                      return u >= 0 && u <= 1 && v >= 0 && v <= 1 ? 1.0 : 0.0;
                    }),
            1.0);
  EXPECT_NEAR(mean_of("checkerboard", [&](int k, double x, double) { return x - left(k); }), 0.5,
              error_of(std::sqrt(1.0 / 12)));
  EXPECT_NEAR(mean_of("checkerboard", [&](int k, double, double y) { return y - low(k); }), 0.5,
              error_of(std::sqrt(1.0 / 12)));
}

TEST(ToysTest, PinwheelTurnsWithTheRadius) {
  // |p|² = a² + b²: mean 1 + 0.09 + 0.0025; variance 4·0.09 + 2·0.0081 of a² and 2·0.05⁴ of b².
  EXPECT_NEAR(mean_of("pinwheel", [](int, double x, double y) { return x * x + y * y; }), 1.0925,
              error_of(std::sqrt(0.3762 + 2 * std::pow(0.05, 4))));
  // Beyond the angle 2πk/5 + exp(|p|)/4 lies atan(b/a), about b/a: within 0.15 with probability
  // E[2Φ(3·a) − 1] = 0.98 up to the difference of |p| and a. Another rate or turn leaves few there.
  EXPECT_GT(mean_of("pinwheel",
                    [](int k, double x, double y) {
                      const double beyond =
                          std::atan2(y, x) - 2 * kPi * k / 5 - 0.25 * std::exp(std::hypot(x, y));
                      return std::abs(std::remainder(beyond, 2 * kPi)) < 0.15 ? 1.0 : 0.0;
                    }),
            0.95);
}

TEST(ToysTest, ItemDoesNotDependOnTheirNumberButOnSeedAndSplit) {
  const auto values = [](const ToyOptions& options) {
    return std::get<std::vector<float>>(draw_toy("rings", options).values);
  };
  const auto few = values({.n = 3}), many = values({.n = 10});
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  EXPECT_NE(many, values({.n = 10, .seed = 1}));
  EXPECT_NE(many, values({.n = 10, .test = true}));
}

TEST(ToysTest, UnknownToyIsNamedWithTheNearest) {
  expect_error(ErrorCode::kUsage, {"'8gausians'", "did you mean '8gaussians'", "two-moons"},
               [] { draw_toy("8gausians", {}); });
  expect_error(ErrorCode::kUsage, {"n=0"}, [] { draw_toy("rings", {.n = 0}); });
}

TEST(ToysTest, ModesAreWhereTheirPointsAre) {
  for (const std::string name : {"8gaussians", "25gaussians"}) {
    const ToyModes modes = *toy_modes(name);
    const double square = mean_of(name, [&](int k, double x, double y) {
      const auto at = static_cast<std::size_t>(2 * k);
      return std::pow(x - modes.centres[at], 2) + std::pow(y - modes.centres[at + 1], 2);
    });
    // E = 2·sd², its standard deviation 2·sd².
    EXPECT_NEAR(square / (2 * modes.sd * modes.sd), 1.0, error_of(1.0)) << name;
  }
  EXPECT_FALSE(toy_modes("rings"));
}

}  // namespace
}  // namespace ebm::data
