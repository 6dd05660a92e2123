#include "evaluation/energy_histograms.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "tests/nets/expect_error.h"

namespace ebm::evaluation {
namespace {

/// low, low + 1, ..., low + 100: quantiles of 1 % and 99 % are low + 1 and low + 99.
EnergySet hundred_from(const std::string& name, float low) {
  EnergySet set{name, std::vector<float>(101)};
  std::iota(set.energies.begin(), set.energies.end(), low);
  return set;
}

using Edges = std::vector<double>;
using Counts = std::vector<std::int64_t>;

TEST(EnergyHistogramsTest, EndBucketsHoldWhatLiesBeyond) {
  const EnergyHistograms found = energy_histograms({hundred_from("a", 0.0f)}, 1, 2);
  EXPECT_EQ(found.edges, (Edges{1.0, 50.0, 99.0}));
  ASSERT_EQ(found.sets.size(), 1u);
  EXPECT_EQ(found.sets[0].name, "a");
  // 0, ..., 49, and 50 (an edge belongs to the bucket above it), ..., 100.
  EXPECT_EQ(found.sets[0].counts, (Counts{50, 51}));
}

TEST(EnergyHistogramsTest, FarSetsDoNotSqueezeTheNearOnes) {
  // Core from 1 to 99 and from 11 to 109: 1 to 109, and 108 more to either side at most.
  const EnergyHistograms found = energy_histograms(
      {hundred_from("a", 0.0f), hundred_from("b", 10.0f), hundred_from("far", 1e6f)}, 2, 4);
  EXPECT_EQ(found.edges, (Edges{1.0, 55.0, 109.0, 163.0, 217.0}));
  EXPECT_EQ(found.sets[2].counts, (Counts{0, 0, 0, 101}));
  EXPECT_EQ(found.sets[1].counts, (Counts{45, 54, 2, 0}));
  const EnergyHistograms near =
      energy_histograms({hundred_from("a", 0.0f), hundred_from("near", -50.0f)}, 1, 2);
  EXPECT_EQ(near.edges, (Edges{-49.0, 25.0, 99.0}));
}

TEST(EnergyHistogramsTest, EqualEnergiesHaveBucketsAroundThem) {
  const EnergyHistograms found = energy_histograms({{"a", {2.0f, 2.0f}}}, 1, 3);
  EXPECT_LT(found.edges.front(), 2.0);
  EXPECT_GT(found.edges.back(), 2.0);
  EXPECT_EQ(found.sets[0].counts, (Counts{0, 2, 0}));
}

TEST(EnergyHistogramsTest, RefusesSetsWithoutEnergies) {
  nets::expect_error(ErrorCode::kShape, "the energies of a: has none", [] {
    energy_histograms({{"a", {}}}, 1);
  });
  nets::expect_error(ErrorCode::kShape, "0 of 0 sets", [] { energy_histograms({}, 0); });
}

}  // namespace
}  // namespace ebm::evaluation
