#include "samplers/diagnostics/e_bfmi.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/samplers/diagnostics/draws_of_tests.h"

namespace ebm::samplers {
namespace {

TEST(EBfmiTest, IsByHandForEveryChain) {
  // 1, 2, 4, 3: squared moves 1 + 4 + 1, squares about 2.5: 2.25 + 0.25 + 2.25 + 0.25.
  // 0, 1, 2, 3: moves 3, squares 5. The third does not move.
  const Draws energies{{1, 2, 4, 3, 0, 1, 2, 3, 7, 7, 7, 7}, 4, 3};
  const auto values = e_bfmi(energies.view());
  ASSERT_EQ(values.size(), 3u);
  EXPECT_NEAR(values[0], 1.2, 1e-14);
  EXPECT_NEAR(values[1], 0.6, 1e-14);
  EXPECT_TRUE(std::isnan(values[2]));
}

}  // namespace
}  // namespace ebm::samplers
