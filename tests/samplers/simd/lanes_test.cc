#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/aligned_vector.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/samplers/simd/lanes_test.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h, which compiles this file once per target.
#include <hwy/highway.h>

#include "samplers/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ebm::samplers::HWY_NAMESPACE {

void apply_function(int function, const float* x, float* y) {
  const Lanes a = load_lanes(x);
  store_lanes(function == 0   ? exp_of_nonpositive(a)
              : function == 1 ? exp2_in_range(a)
                              : log_of_normal(a),
              y);
}

}  // namespace ebm::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ebm::samplers {
HWY_EXPORT(apply_function);
namespace {

constexpr int kExp = 0, kExp2 = 1, kLog = 2;

float at(int function, float x) {
  base::AlignedVector<float> in(kLanes, x), out(kLanes);
  HWY_DYNAMIC_DISPATCH(apply_function)(function, in.data(), out.data());
  return out[7];
}

/// f(x) for x = low, ..., high on every target against `right`, the error relative to
/// max(|right|, floor).
void expect_close(int function, double low, double high, double (*right)(double), double floor,
                  double tolerance) {
  constexpr int kBlocks = 20000;
  base::AlignedVector<float> in(kLanes), out(kLanes);
  const std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  for (std::int64_t rest = targets; rest != 0; rest &= rest - 1) {
    hwy::SetSupportedTargetsForTest(rest & -rest);
    double worst = 0;
    for (int block = 0; block < kBlocks; ++block) {
      for (std::size_t lane = 0; lane < in.size(); ++lane) {
        const double part = (block * 16.0 + static_cast<double>(lane)) / (16.0 * kBlocks);
        in[lane] = static_cast<float>(low + (high - low) * part);
      }
      HWY_DYNAMIC_DISPATCH(apply_function)(function, in.data(), out.data());
      for (std::size_t lane = 0; lane < in.size(); ++lane) {
        const double wanted = right(double{in[lane]});
        worst = std::max(worst, std::abs(out[lane] - wanted) / std::max(std::abs(wanted), floor));
      }
    }
    EXPECT_LT(worst, tolerance) << hwy::TargetName(rest & -rest);
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(LanesTest, ExpOfNonpositiveIsExactToTwoInTenMillion) {
  expect_close(
      kExp, -87.29, 0.0, [](double x) { return std::exp(x); }, 0.0, 2e-7);
  expect_close(
      kExp, -1.5, 0.0, [](double x) { return std::exp(x); }, 0.0, 2e-7);
}

TEST(LanesTest, ExpOfNonpositiveAtItsEnds) {
  EXPECT_EQ(at(kExp, 0.0f), 1.0f);
  EXPECT_EQ(at(kExp, -0.0f), 1.0f);
  EXPECT_EQ(at(kExp, -87.31f), 0.0f);
  EXPECT_EQ(at(kExp, -1e30f), 0.0f);
  EXPECT_EQ(at(kExp, -std::numeric_limits<float>::infinity()), 0.0f);
  EXPECT_TRUE(std::isnan(at(kExp, std::nanf(""))));
  EXPECT_TRUE(std::isnan(at(kExp, std::nanf("12345"))));
}

TEST(LanesTest, Exp2InRangeIsExactToTwoInTenMillion) {
  expect_close(
      kExp2, -126.0, 126.0, [](double x) { return std::exp2(x); }, 0.0, 2e-7);
  EXPECT_EQ(at(kExp2, 0.0f), 1.0f);
  EXPECT_TRUE(std::isnan(at(kExp2, std::nanf("12345"))));
}

TEST(LanesTest, LogOfNormalIsExactToItsBound) {
  expect_close(
      kLog, 0.4, 3.0, [](double x) { return std::log(x); }, 1.0, 1.2e-7);
  expect_close(
      kLog, 1e-30, 1e30, [](double x) { return std::log(x); }, 1.0, 1.2e-7);
  EXPECT_EQ(at(kLog, 1.0f), 0.0f);
  EXPECT_NEAR(at(kLog, 1.2e-38f), std::log(1.2e-38), 1e-5);
}

}  // namespace
}  // namespace ebm::samplers
#endif
