#include "metrics/neighbours/precision_recall.h"

#include <gtest/gtest.h>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(PrecisionRecallTest, IsByHandOnALine) {
  // Balls of the reference [−1, 1], [0, 2], [2, 4], [3, 5] hold 2, 5 (at its end) and 0.5. Balls of
  // the samples [−3.5, 0.5], [0.5, 3.5], [4.5, 5.5], [5, 6], [−1, 2] hold 0, 1 and 3.
  const Features reference = on_a_line({0, 1, 3, 4});
  const Features samples = on_a_line({-1.5f, 2, 5, 5.5f, 0.5f});
  const PrecisionRecall found = precision_recall(reference.view(), samples.view(), {.k = 1});
  EXPECT_EQ(found.precision, 3.0 / 5.0);
  EXPECT_EQ(found.recall, 3.0 / 4.0);
}

TEST(PrecisionRecallTest, IsThatOfPrdc) {
  const Features reference = checked_reference(), samples = checked_samples();
  const PrecisionRecall three = precision_recall(reference.view(), samples.view());
  EXPECT_DOUBLE_EQ(three.precision, 0.975);
  EXPECT_DOUBLE_EQ(three.recall, 0.8066666666666666);
  const PrecisionRecall five = precision_recall(reference.view(), samples.view(), {.k = 5});
  EXPECT_DOUBLE_EQ(five.precision, 0.995);
  EXPECT_DOUBLE_EQ(five.recall, 0.9133333333333333);
}

TEST(PrecisionRecallTest, OfASetWithItselfIsOne) {
  const Features set = lcg_features(100, 5, 3);
  const PrecisionRecall found = precision_recall(set.view(), set.view());
  EXPECT_EQ(found.precision, 1.0);
  EXPECT_EQ(found.recall, 1.0);
}

TEST(PrecisionRecallTest, OfSetsFarApartIsZero) {
  const Features reference = lcg_features(50, 5, 3), samples = lcg_features(50, 5, 3, 1.0f, 10.0f);
  const PrecisionRecall found = precision_recall(reference.view(), samples.view());
  EXPECT_EQ(found.precision, 0.0);
  EXPECT_EQ(found.recall, 0.0);
}

TEST(PrecisionRecallTest, SetsHaveToHaveNeighbours) {
  const Features many = on_a_line({0, 1, 2, 3}), few = on_a_line({0, 1, 2});
  const auto run = [&] { precision_recall(many.view("reference"), few.view("samples")); };
  EXPECT_EQ(message_of(ErrorCode::kShape, run),
            "samples have 3 rows: must be at least 4 for k = 3 neighbours");
}

}  // namespace
}  // namespace ebm::metrics
