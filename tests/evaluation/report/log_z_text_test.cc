#include "evaluation/report/log_z_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace ebm::evaluation {
namespace {

samplers::LogZEstimate estimate(double ess, double se) {
  samplers::LogZEstimate made;
  made.n_chains = 64;
  made.log_z = 3.25;
  made.se = se;
  made.ess = ess;
  return made;
}

TEST(LogZEstimatesTest, AnErrorIsReportedOnlyWhereItIsKnown) {
  const auto first_line = [](const samplers::LogZEstimate& forward) {
    const std::string text = log_z_text({.forward = forward, .reverse = {}});
    return text.substr(0, text.find("   ESS"));
  };
  EXPECT_EQ(first_line(estimate(60.0, 0.125)), "forward      log Z = 3.2500 +- 0.1250 nats");
  EXPECT_EQ(first_line(estimate(5.0, 0.125)), "forward      log Z = 3.2500 +- 0.1250 nats");
  // The spread of a few effective chains says nothing.
  EXPECT_EQ(first_line(estimate(4.9, 0.125)), "forward      log Z = 3.2500 (error unknown) nats");
  EXPECT_EQ(first_line(estimate(64.0, std::numeric_limits<double>::quiet_NaN())),
            "forward      log Z = 3.2500 nats");
}

TEST(LogZEstimatesTest, FewEffectiveChainsAreAWarning) {
  EXPECT_TRUE((LogZEstimates{.forward = estimate(5.0, 0.1), .reverse = {}}).warnings().empty());
  const LogZEstimates both{.forward = estimate(1.04, 0.1), .reverse = estimate(4.99, 0.1)};
  EXPECT_EQ(both.warnings(),
            (std::vector<std::string>{
                "log Z: the effective sample size of the forward run is 1.0 of 64 chains, so that "
                "its error is unknown; take more temperatures, or more chains",
                "log Z: the effective sample size of the reverse run is 5.0 of 64 chains, so that "
                "its error is unknown; take more temperatures, or more chains"}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ((LogZEstimates{.forward = estimate(nan, nan), .reverse = {}}).warnings().size(), 1u);
}

TEST(LogZEstimatesTest, TheGapIsReverseMinusForward) {
  samplers::LogZEstimate reverse = estimate(60.0, 0.1);
  reverse.log_z = 3.0;
  const LogZEstimates both{.forward = estimate(60.0, 0.1), .reverse = reverse};
  EXPECT_DOUBLE_EQ(*both.gap(), -0.25);
  EXPECT_NE(log_z_text(both).find("-0.2500 nats from forward to reverse: below 0"),
            std::string::npos);
  EXPECT_DOUBLE_EQ(log_z_json(both).at("gap").get<double>(), -0.25);
  EXPECT_TRUE(log_z_json({.forward = reverse, .reverse = {}}).at("gap").is_null());
}

}  // namespace
}  // namespace ebm::evaluation
