#include "samplers/diagnostics/draws.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/error.h"
#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

TEST(DrawsTest, HalvesOfAnOddNumberLeaveTheMiddleOut) {
  const Draws draws{{1, 2, 3, 4, 5, 11, 12, 13, 14, 15}, 5, 2};
  const Draws halves = split_halves(draws.view());
  EXPECT_EQ(halves.n_draws, 2);
  EXPECT_EQ(halves.n_chains, 4);
  EXPECT_EQ(halves.values, (std::vector<double>{1, 2, 4, 5, 11, 12, 14, 15}));
}

TEST(DrawsTest, HalvesOfAnEvenNumberKeepEveryDraw) {
  const Draws draws{{1, 2, 3, 4, 11, 12, 13, 14}, 4, 2};
  const Draws halves = split_halves(draws.view());
  EXPECT_EQ(halves.n_draws, 2);
  EXPECT_EQ(halves.values, draws.values);
}

TEST(DrawsTest, AnotherSizeIsRefused) {
  const std::vector<double> values(7);
  try {
    const DrawsView view(values, 4, 2);
    FAIL() << "accepted " << view.n_draws();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kShape);
    EXPECT_STREQ(error.what(), "7 draws: must be n_chains = 2 times n_draws = 4");
  }
}

TEST(DrawsTest, StateNamesWhyDrawsSayNothing) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(state_of(single_chain({1, 2, 3, 4}).view()), DrawsState::kDiagnosable);
  EXPECT_EQ(state_of(single_chain({1, 2, 3}).view()), DrawsState::kTooFew);
  EXPECT_EQ(state_of(Draws{{}, 10, 0}.view()), DrawsState::kTooFew);
  EXPECT_EQ(state_of(single_chain({1, 2, kNaN, 4}).view()), DrawsState::kNonFinite);
  EXPECT_EQ(state_of(single_chain({1, 2, 3, -kInfinity}).view()), DrawsState::kNonFinite);
  EXPECT_EQ(state_of(single_chain({3, 3, 3, 3}).view()), DrawsState::kConstant);
  // Chains that stand still in different places do disagree.
  EXPECT_EQ(state_of(Draws{{3, 3, 3, 3, 4, 4, 4, 4}, 4, 2}.view()), DrawsState::kDiagnosable);
}

}  // namespace
}  // namespace ebm::samplers
