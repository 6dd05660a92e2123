#include "base/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace ebm::base {
namespace {

TEST(NumberTextTest, HasSixSignificantDigits) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-1234567.0), "-1.23457e+06");
  EXPECT_EQ(number_text(1e39), "1e+39");
}

TEST(NumberTextTest, NaNHasNoSign) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(number_text(nan), "nan");
  EXPECT_EQ(number_text(-nan), "nan");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "-inf");
}

}  // namespace
}  // namespace ebm::base
