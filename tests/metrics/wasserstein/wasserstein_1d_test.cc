#include "metrics/wasserstein/wasserstein_1d.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

using Numbers = std::vector<float>;

TEST(Wasserstein1dTest, OfShiftedSetsIsTheShift) {
  const Numbers a{3, -1, 7, 2}, b{0.5f, 4.5f, 8.5f, 3.5f};  // b = a + 1.5, in another order
  for (const double p : {1.0, 1.5, 2.0, 3.0}) EXPECT_NEAR(wasserstein_1d(a, b, p), 1.5, 1e-14);
}

TEST(Wasserstein1dTest, OfUnequalSizesIsByHand) {
  // Quantiles differ by 1 on [1/3, 1/2) and by 4 on [2/3, 1).
  const Numbers a{1, 0}, b{5, 0, 1};
  EXPECT_DOUBLE_EQ(wasserstein_1d(a, b), 1.0 / 6.0 + 4.0 / 3.0);
  EXPECT_DOUBLE_EQ(wasserstein_1d(b, a), 1.5);
  EXPECT_DOUBLE_EQ(wasserstein_1d(a, b, 2.0), std::sqrt(1.0 / 6.0 + 16.0 / 3.0));
  EXPECT_DOUBLE_EQ(wasserstein_1d(Numbers{4}, b), (4.0 + 3.0 + 1.0) / 3.0);
}

TEST(Wasserstein1dTest, OfRepeatedNumbersIsThatOfOneCopy) {
  EXPECT_EQ(wasserstein_1d(Numbers{1, 2, 1, 2, 1, 2}, Numbers{2, 1}), 0.0);
}

TEST(Wasserstein1dTest, IsThatOfSciPy) {
  const Features reference = checked_reference(), samples = checked_samples();  // 1800 and 1200
  EXPECT_NEAR(wasserstein_1d(reference.values, samples.values), 0.129540247859226, 1e-14);
}

TEST(Wasserstein1dTest, WrongInputsAreRefused) {
  const Numbers good{1, 2}, none, bad{1, INFINITY};
  EXPECT_EQ(message_of(ErrorCode::kShape, [&] { wasserstein_1d(good, none); }),
            "the second set holds no number: must hold at least one");
  EXPECT_EQ(message_of(ErrorCode::kBadData, [&] { wasserstein_1d(bad, good); }),
            "the first set[1] = inf: must be finite");
  for (const double p : {0.5, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    EXPECT_TRUE(contains(message_of(ErrorCode::kUsage, [&] { wasserstein_1d(good, good, p); }),
                         "must be 1 or more"));
  }
}

}  // namespace
}  // namespace ebm::metrics
