#include "metrics/random_subset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/metrics/feature_sets.h"

namespace ebm::metrics {
namespace {

TEST(RandomSubsetTest, HoldsDifferentRows) {
  auto rows = random_subset(20, 20, 1, 0, SubsetOf::kSamples);
  EXPECT_FALSE(std::is_sorted(rows.begin(), rows.end()));
  std::sort(rows.begin(), rows.end());
  for (std::int64_t i = 0; i < 20; ++i) EXPECT_EQ(rows[static_cast<std::size_t>(i)], i);
}

TEST(RandomSubsetTest, HangsOnSeedIndexAndSet) {
  const auto draw = [](std::uint64_t seed, std::uint64_t index, SubsetOf of) {
    return random_subset(1000, 10, seed, index, of);
  };
  const auto rows = draw(1, 0, SubsetOf::kSamples);
  EXPECT_EQ(draw(1, 0, SubsetOf::kSamples), rows);
  EXPECT_NE(draw(2, 0, SubsetOf::kSamples), rows);
  EXPECT_NE(draw(1, 1, SubsetOf::kSamples), rows);
  EXPECT_NE(draw(1, 0, SubsetOf::kReference), rows);
}

TEST(RandomSubsetTest, HoldsEveryRowEquallyOften) {
  constexpr int kDraws = 6000;
  std::vector<int> counts(10);
  for (std::uint64_t index = 0; index < kDraws; ++index) {
    for (const auto row : random_subset(10, 3, 5, index, SubsetOf::kReference)) {
      ++counts[static_cast<std::size_t>(row)];
    }
  }
  // Binomial with p = 0.3.
  const double error = std::sqrt(kDraws * 0.3 * 0.7);
  for (const int count : counts) EXPECT_NEAR(count, kDraws * 0.3, 4.5 * error);
}

TEST(RandomSubsetTest, LargerThanTheSetIsRefused) {
  const auto run = [] { random_subset(5, 6, 0, 0, SubsetOf::kSamples); };
  EXPECT_EQ(message_of(ErrorCode::kUsage, run), "size = 6: must be from 0 to 5");
}

}  // namespace
}  // namespace ebm::metrics
