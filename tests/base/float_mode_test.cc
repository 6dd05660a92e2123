#include "base/float_mode.h"

#include <gtest/gtest.h>

#include <limits>

namespace ebm::base {
namespace {

float half_of(float x) {
  volatile float run_time = x;  // not folded by the compiler
  return run_time * 0.5f;
}

TEST(FlushDenormalsTest, FlushesWhileItLivesAndRestores) {
  const float smallest = std::numeric_limits<float>::min();
  EXPECT_GT(half_of(smallest), 0.0f);
  {
    const FlushDenormals guard;
    EXPECT_EQ(half_of(smallest), 0.0f);
  }
  EXPECT_GT(half_of(smallest), 0.0f);
}

}  // namespace
}  // namespace ebm::base
