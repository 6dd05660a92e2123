#include "base/nearest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace ebm::base {
namespace {

const std::vector<std::string> kKnown = {"langevin", "mala", "hmc", "tempering"};

TEST(NearestNameTest, FindsTheNameBehindASlip) {
  EXPECT_EQ(nearest_name("langevn", kKnown), "langevin");
  EXPECT_EQ(nearest_name("lagnevin", kKnown), "langevin");
  EXPECT_EQ(nearest_name("HMC", kKnown), "hmc");
  EXPECT_EQ(nearest_name("mallla", kKnown), "mala");
}

TEST(NearestNameTest, IsEmptyWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("gibbs", kKnown), "");
  EXPECT_EQ(nearest_name("", kKnown), "");
  EXPECT_EQ(nearest_name("x", kKnown), "");
  EXPECT_EQ(nearest_name("mala", {}), "");
}

TEST(NearestNameTest, TakesTheFirstOfEquallyNearNames) {
  const std::vector<std::string> known = {"bat", "cat"};
  EXPECT_EQ(nearest_name("rat", known), "bat");
}

}  // namespace
}  // namespace ebm::base
