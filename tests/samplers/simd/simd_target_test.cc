#include "samplers/simd/simd_target.h"

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.h"
#include "samplers/simd/bf16_peak.h"
#include "samplers/simd/bf16_unit.h"

namespace ebm::samplers {
namespace {

void override_with(const std::string& wanted) {
  ASSERT_EQ(setenv("EBM_SIMD", wanted.c_str(), 1), 0);
  apply_simd_override();
}

/// Undoes what a test forced.
class SimdTargetTest : public testing::Test {
 protected:
  ~SimdTargetTest() override {
    unsetenv("EBM_SIMD");
    hwy::SetSupportedTargetsForTest(0);
    force_bf16_unit(std::nullopt);
  }
};

TEST_F(SimdTargetTest, OverrideRefusesWhatTheMachineCannotRun) {
  const std::string twice = simd_target() + "," + simd_target();
  for (const std::string& wanted : {std::string("no-such"), std::string("F32,F32"),
                                    std::string(",F32"), std::string("F32,"), twice}) {
    EXPECT_THROW(override_with(wanted), Error) << wanted;
  }
  unsetenv("EBM_SIMD");
  const std::string best = simd_target();
  EXPECT_NO_THROW(apply_simd_override());
  EXPECT_EQ(simd_target(), best);
}

TEST_F(SimdTargetTest, OverrideTakesATargetAndAUnitInAnyOrder) {
  const std::string best = simd_target();
  const std::string last = hwy::TargetName(runnable_targets().back());
  for (const std::string& wanted : {last + ",F32", "F32," + last}) {
    override_with(wanted);
    EXPECT_EQ(simd_target(), last);
    EXPECT_EQ(bf16_unit(), Bf16Unit::kF32);
    hwy::SetSupportedTargetsForTest(0);
  }
  override_with("F32");
  EXPECT_EQ(simd_target(), best);
  EXPECT_EQ(bf16_unit(), Bf16Unit::kF32);
  override_with(last);
  EXPECT_EQ(bf16_unit(), Bf16Unit::kF32);  // a target without AVX-512 has no unit of it
  hwy::SetSupportedTargetsForTest(0);
  force_bf16_unit(std::nullopt);
  for (const Bf16Unit unit : runnable_bf16_units()) {
    override_with(base::name_of<Bf16Unit>("unit", kBf16Units, unit));
    EXPECT_EQ(bf16_unit(), unit);
  }
  EXPECT_EQ(runnable_bf16_units().back(), Bf16Unit::kF32);
}

TEST_F(SimdTargetTest, EveryUnitHasAPeak) {
  for (const Bf16Unit unit : runnable_bf16_units()) {
    force_bf16_unit(unit);
    EXPECT_GT(bf16_peak_gflops(1), 0.0);
    EXPECT_THROW(bf16_peak_gflops(0), Error);
  }
}

}  // namespace
}  // namespace ebm::samplers
