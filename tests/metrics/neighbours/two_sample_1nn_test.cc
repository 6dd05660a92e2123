#include "metrics/neighbours/two_sample_1nn.h"

#include <gtest/gtest.h>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(TwoSample1nnTest, IsByHandOnALine) {
  // Right are 0 -> 1, 20 -> 21 and 21 -> 20; wrong 1 -> 1.4, 10 -> 1.4 and 1.4 -> 1.
  const Features reference = on_a_line({0, 1, 10}), samples = on_a_line({1.4f, 20, 21});
  const OneNearestNeighbour found = two_sample_1nn(reference.view(), samples.view());
  EXPECT_DOUBLE_EQ(found.accuracy, 3.0 / 6.0);
  EXPECT_DOUBLE_EQ(found.accuracy_reference, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(found.accuracy_samples, 2.0 / 3.0);
}

TEST(TwoSample1nnTest, CountsTheShareOfEquallyNearRows) {
  // Each 0 has one other of its own set at distance 0 and two (or one) of the other set.
  const Features reference = on_a_line({0, 0, 7}), samples = on_a_line({0, 0, 9});
  EXPECT_DOUBLE_EQ(two_sample_1nn(reference.view(), samples.view()).accuracy, 2.0 / 9.0);
  const Features fewer = on_a_line({0, 9});
  const OneNearestNeighbour found = two_sample_1nn(reference.view(), fewer.view());
  EXPECT_DOUBLE_EQ(found.accuracy_reference, (0.5 + 0.5) / 3.0);
  EXPECT_DOUBLE_EQ(found.accuracy_samples, 0.0);
  EXPECT_DOUBLE_EQ(found.accuracy, 1.0 / 5.0);
}

TEST(TwoSample1nnTest, IsThatOfSortingAllDistances) {
  // By NumPy: the least of each row of the matrix of distances, the diagonal left out.
  const Features reference = checked_reference(), samples = checked_samples();
  const OneNearestNeighbour found = two_sample_1nn(reference.view(), samples.view());
  EXPECT_DOUBLE_EQ(found.accuracy, 0.576);
  EXPECT_DOUBLE_EQ(found.accuracy_reference, 0.6);
  EXPECT_DOUBLE_EQ(found.accuracy_samples, 0.54);
}

TEST(TwoSample1nnTest, TellsCopiesFromSetsFarApart) {
  const Features set = lcg_features(50, 5, 3), far = lcg_features(50, 5, 4, 1.0f, 10.0f);
  EXPECT_EQ(two_sample_1nn(set.view(), set.view()).accuracy, 0.0);
  EXPECT_EQ(two_sample_1nn(set.view(), far.view()).accuracy, 1.0);
}

}  // namespace
}  // namespace ebm::metrics
