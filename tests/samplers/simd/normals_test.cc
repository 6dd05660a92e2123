#include "samplers/simd/normals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "tests/samplers/on_every_target.h"

namespace ebm::samplers {
namespace {

TEST(NormalsTest, EqualBoxMullerInDoublePrecisionOnEveryTarget) {
  const base::PhiloxKey key = base::RandomKey{.seed = 3}.philox_key();
  std::uint64_t ids[kLanes];
  for (std::uint64_t lane = 0; lane < kLanes; ++lane) ids[lane] = (lane << 33) + lane * 5;
  const std::uint64_t first_call = (std::uint64_t{1} << 32) - 100;  // crosses into the high word
  const std::int64_t n_calls = 2000;
  on_every_target([&] {
    base::AlignedVector<float> normals(static_cast<std::size_t>(n_calls * 4 * kLanes));
    fill_block_normals(key, ids, first_call, n_calls, normals.data());
    double worst = 0;
    for (std::int64_t call = 0; call < n_calls; ++call) {
      const std::uint64_t counter = first_call + static_cast<std::uint64_t>(call);
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        const auto w = base::philox(
            {static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
             static_cast<std::uint32_t>(ids[lane]), static_cast<std::uint32_t>(ids[lane] >> 32)},
            key);
        for (int pair = 0; pair < 2; ++pair) {
          const double u = static_cast<double>(w[2 * pair] >> 1) * 0x1p-31 + 0x1p-32;
          const double angle =
              2 * std::numbers::pi * static_cast<double>(w[2 * pair + 1]) * 0x1p-32;
          const double r = std::sqrt(-2 * std::log(u));
          const float* z =
              &normals[static_cast<std::size_t>((call * 4 + pair * 2) * kLanes + lane)];
          // Near u = 1 the rounding of u to float moves r by up to sqrt(2·2⁻²⁵); away from it the
          // error is that of the arithmetic.
          const double tolerance = u > 0.999 ? 3e-4 : 2e-6;
          EXPECT_NEAR(z[0], r * std::cos(angle), tolerance);
          EXPECT_NEAR(z[kLanes], r * std::sin(angle), tolerance);
          if (u <= 0.999) worst = std::max(worst, std::abs(z[0] - r * std::cos(angle)));
        }
      }
    }
    EXPECT_LT(worst, 2e-6);
  });
}

}  // namespace
}  // namespace ebm::samplers
