#include "base/number_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

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

TEST(NumberTextTest, ExactTextReadsBackAsTheSameBits) {
  EXPECT_EQ(exact_text(0.1), "0.1");
  EXPECT_EQ(exact_text(0.1f), "0.1");
  EXPECT_EQ(exact_text(3.0), "3");
  for (const double value : {1.0 / 3.0, 0.72643489, 1e-300, 123456789.125}) {
    EXPECT_EQ(std::stod(exact_text(value)), value);
    const auto rounded = static_cast<float>(value);
    EXPECT_EQ(std::stof(exact_text(std::max(rounded, 1e-30f))), std::max(rounded, 1e-30f));
  }
}

TEST(NumberTextTest, APlainDoubleHasTheDecimalOfItsFloatAndRoundsToIt) {
  EXPECT_EQ(plain_double(0.04f), 0.04);
  EXPECT_EQ(plain_double(1.4f), 1.4);
  EXPECT_EQ(plain_double(-3.0f), -3.0);
  EXPECT_EQ(plain_double(std::numeric_limits<float>::infinity()),
            std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(plain_double(std::numeric_limits<float>::quiet_NaN())));
  // The double of its decimal, 7.038531e-26, is the middle of it and the next float, which is even.
  const float odd = 0x1.5c87fap-84f;
  ASSERT_EQ(exact_text(odd), "7.038531e-26");
  EXPECT_EQ(plain_double(odd), double{odd});
  EXPECT_EQ(plain_doubles(std::vector<float>{0.1f, odd, -2.5f}),
            (std::vector<double>{0.1, double{odd}, -2.5}));
  // Floats of every size, the smallest and the largest among them.
  for (std::uint32_t bits = 1; bits < 0x7f800000; bits += 9973) {
    const auto value = std::bit_cast<float>(bits);
    ASSERT_EQ(static_cast<float>(plain_double(value)), value) << bits;
  }
}

}  // namespace
}  // namespace ebm::base
