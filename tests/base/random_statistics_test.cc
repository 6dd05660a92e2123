#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace ebm::base {
namespace {

// Known answers published with Random123 (kat_vectors, philox4x32 10).
TEST(RandomStreamTest, UniformBelowAndNormalHaveTheirMoments) {
  RandomStream stream({.seed = 5, .domain = Domain::kToyData}, 0);
  const int n = 200000;
  double sum_u = 0, sum_below = 0, sum_z = 0, sum_zz = 0;
  for (int i = 0; i < n; ++i) {
    sum_u += stream.next_uniform();
    sum_below += static_cast<double>(stream.next_below(10));
    const double z = stream.next_normal();
    sum_z += z;
    sum_zz += z * z;
  }
  // Five standard errors: sd/sqrt(n) of U is 0.289, of {0..9} 2.872, of z 1, of z² √2.
  const double root_n = std::sqrt(static_cast<double>(n));
  EXPECT_NEAR(sum_u / n, 0.5, 5 * 0.289 / root_n);
  EXPECT_NEAR(sum_below / n, 4.5, 5 * 2.872 / root_n);
  EXPECT_NEAR(sum_z / n, 0.0, 5 / root_n);
  EXPECT_NEAR(sum_zz / n, 1.0, 5 * 1.414 / root_n);
}

}  // namespace
}  // namespace ebm::base
