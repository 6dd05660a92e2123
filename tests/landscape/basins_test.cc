#include "landscape/basins.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "samplers/energies/function_energy.h"

namespace ebm::landscape {
namespace {

/// E = (x² − 1)² + 2y²: minima at (±1, 0), E = 0.
samplers::FunctionEnergy two_wells() {
  return {2, [](std::span<const float> x, std::span<float> grad) {
            const float w = x[0] * x[0] - 1.0f;
            grad[0] = 4.0f * w * x[0];
            grad[1] = 4.0f * x[1];
            return w * w + 2.0f * x[1] * x[1];
          }};
}

TEST(BasinsTest, DescentsFromBothSidesOfARidgeEndApart) {
  const std::vector<float> rows{0.2f, 1.0f, -0.1f, 0.5f, 1.7f, -0.3f, 0.01f, 0.0f, -2.0f, 2.0f};
  const Basins basins =
      find_basins(two_wells(), rows, {.n_steps = 2000, .step_size = 0.02f, .merge_distance = 0.01});
  EXPECT_EQ(basins.states, (std::vector<std::int64_t>{0, 1, 0, 0, 1}));
  ASSERT_EQ(basins.n(), 2);
  EXPECT_NEAR(basins.minima[0], 1.0, 1e-5);
  EXPECT_NEAR(basins.minima[2], -1.0, 1e-5);
  EXPECT_NEAR(basins.energies[1], 0.0, 1e-9);
}

TEST(BasinsTest, DescentsThatHaveNotComeToRestAreCounted) {
  // Rows from y = 1, and at a minimum.
  const std::vector<float> rows{1.0f, 1.0f, 1.0f, 0.0f};
  const auto unsettled = [&](std::int64_t n_steps) {
    return find_basins(two_wells(), rows,
                       {.n_steps = n_steps, .step_size = 0.02f, .merge_distance = 1.0})
        .n_unsettled;
  };
  // Settled where a step of gradient descent, 0.08·y, is at most √2/1000.
  for (std::int64_t n = 0; n < 100; ++n) {
    double y = std::pow(0.92, (n + 1) / 2), v = 0.0;
    for (std::int64_t step = (n + 1) / 2; step < n; ++step) {
      if (4.0 * y * v < 0.0) v = 0.0;
      v = double{0.95f} * v + 4.0 * y;
      y -= double{0.02f} * (4.0 * y + double{0.95f} * v);
    }
    EXPECT_EQ(unsettled(n), std::abs(0.08 * y) > std::sqrt(2.0) / 1000 ? 1 : 0) << n;
  }
}

TEST(BasinsTest, AValleyIsFollowedToItsEnd) {
  // E = ½(x² + 0.001·y²): steps of 0.5 and gradient descent leave 0.9995¹⁰⁰⁰ = 0.61 of y.
  const samplers::FunctionEnergy valley(2, [](std::span<const float> x, std::span<float> grad) {
    grad[0] = x[0];
    grad[1] = 0.001f * x[1];
    return 0.5f * (x[0] * x[0] + 0.001f * x[1] * x[1]);
  });
  const std::vector<float> rows{1.0f, 1.0f, -1.0f, -1.0f};
  const Basins basins = find_basins(valley, rows, {.step_size = 0.5f, .merge_distance = 0.01});
  EXPECT_EQ(basins.states, (std::vector<std::int64_t>{0, 0}));
  EXPECT_EQ(basins.n_unsettled, 0);
  EXPECT_NEAR(basins.minima[1], 0.0, 5e-3);
}

TEST(BasinsTest, ADistanceDecidesWhatIsOneMinimum) {
  const std::vector<float> rows{0.2f, 1.0f, -0.1f, 0.5f};
  EXPECT_EQ(
      find_basins(two_wells(), rows, {.n_steps = 2000, .step_size = 0.02f, .merge_distance = 1.5})
          .n(),
      1);
}

TEST(BasinsTest, BitsDoNotDependOnThreads) {
  std::vector<float> rows;
  for (int i = 0; i < 200; ++i) rows.push_back(0.02f * static_cast<float>(i - 100));
  const auto one = find_basins(two_wells(), rows, {.n_steps = 50, .step_size = 0.02f});
  const auto two =
      find_basins(two_wells(), rows, {.n_steps = 50, .step_size = 0.02f, .n_threads = 2});
  EXPECT_EQ(one.states, two.states);
  EXPECT_EQ(one.minima, two.minima);
}

TEST(BasinsTest, StepsThatAreTooLongAreSaid) {
  const std::vector<float> rows{3.0f, 1.0f};
  try {
    find_basins(two_wells(), rows, {.step_size = 5.0f});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDiverged) << error.what();
  }
  EXPECT_THROW(find_basins(two_wells(), rows, {.merge_distance = -1.0}), Error);
}

}  // namespace
}  // namespace ebm::landscape
