#include "report/histogram.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"

namespace ebm::report {
namespace {

TEST(HistogramTest, CountsValuesInBucketsOfEqualWidth) {
  const std::vector<float> values{0, 0.5, 1, 2, 2.5, 4};
  const Histogram histogram = histogram_of(values, 4);
  EXPECT_EQ(histogram.min, 0.0);
  EXPECT_EQ(histogram.max, 4.0);
  EXPECT_EQ(histogram.n, 6.0);
  EXPECT_EQ(histogram.sum, 10.0);
  EXPECT_EQ(histogram.sum_squares, 0.25 + 1 + 4 + 6.25 + 16);
  EXPECT_EQ(histogram.limits, (std::vector<double>{1, 2, 3, 4}));
  // A value on a limit belongs to the bucket that begins there, the largest to the last.
  EXPECT_EQ(histogram.counts, (std::vector<double>{2, 1, 2, 1}));
}

TEST(HistogramTest, EqualValuesShareOneBucket) {
  const Histogram histogram = histogram_of(std::vector<float>{3, 3});
  EXPECT_EQ(histogram.limits, std::vector<double>{3});
  EXPECT_EQ(histogram.counts, std::vector<double>{2});
}

TEST(HistogramTest, NoValueOrOneThatIsNotFiniteIsRefused) {
  EXPECT_THROW(histogram_of({}), Error);
  EXPECT_THROW(histogram_of(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}), Error);
  EXPECT_THROW(histogram_of(std::vector<float>{std::numeric_limits<float>::infinity()}), Error);
}

}  // namespace
}  // namespace ebm::report
