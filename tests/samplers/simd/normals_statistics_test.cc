#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cmath>
#include <cstdint>
#include <numbers>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "samplers/simd/normals.h"
#include "samplers/simd/simd_target.h"

namespace ebm::samplers {
namespace {

TEST(NormalsTest, HaveTheMomentsOfTheStandardNormal) {
  const base::PhiloxKey key = base::RandomKey{.seed = 11}.philox_key();
  std::uint64_t ids[kLanes];
  for (std::uint64_t lane = 0; lane < kLanes; ++lane) ids[lane] = lane;
  const std::int64_t n_calls = 1 << 15;
  base::AlignedVector<float> z(static_cast<std::size_t>(n_calls * 4 * kLanes));
  fill_block_normals(key, ids, 0, n_calls, z.data());
  double m1 = 0, m2 = 0, m4 = 0, neighbours = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double v = z[i];
    m1 += v;
    m2 += v * v;
    m4 += v * v * v * v;
    if (i >= kLanes) neighbours += v * z[i - kLanes];
  }
  const double n = static_cast<double>(z.size());
  // Five standard errors; Var z = 1, Var z² = 2, Var z⁴ = 96, Var of a product of two = 1.
  EXPECT_NEAR(m1 / n, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(m2 / n, 1, 5 * std::sqrt(2 / n));
  EXPECT_NEAR(m4 / n, 3, 5 * std::sqrt(96 / n));
  EXPECT_NEAR(neighbours / n, 0, 5 / std::sqrt(n));
}

}  // namespace
}  // namespace ebm::samplers
