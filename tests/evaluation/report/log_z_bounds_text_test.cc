#include "evaluation/report/log_z_bounds_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numbers>
#include <string>

namespace ebm::evaluation {
namespace {

LogZBounds bounds_with(double forward_log_z, std::optional<double> mean_energy) {
  LogZBounds bounds{.dim = 10,
                    .temperature = 0.5,
                    .n_temperatures = 2,
                    .reverse_from = "old chains",
                    .mean_energy = mean_energy};
  bounds.estimates.forward.log_z = forward_log_z;
  bounds.estimates.reverse.emplace();
  bounds.estimates.reverse->log_z = 1.0;
  return bounds;
}

TEST(LogZBoundsTextTest, SaysWhatIsWrongWithBitsBelowZero) {
  // log Z of the base is all that a constant could have: levels would take −1 bits of 1 value.
  const std::string text = log_z_bounds_text(bounds_with(-80 * std::numbers::ln2, 0.0));
  EXPECT_NE(text.find("bits/dim     -1.0000 by the forward run"), std::string::npos) << text;
  EXPECT_NE(text.find("too low by at least 7 nats"), std::string::npos) << text;
  EXPECT_EQ(log_z_bounds_text(bounds_with(0.0, 0.0)).find("at least"), std::string::npos);
}

TEST(LogZBoundsTextTest, DocumentHoldsBitsOfBothDirections) {
  const LogZBounds bounds = bounds_with(0.5, 2.0);
  const nlohmann::json document = log_z_bounds_json(bounds);
  EXPECT_EQ(document.at("temperature"), 0.5);
  EXPECT_EQ(document.at("schedule"), "geometric");
  EXPECT_EQ(document.at("bits_per_dim"), *bounds.bits_per_dim(bounds.estimates.forward));
  EXPECT_EQ(document.at("reverse").at("bits_per_dim"),
            *bounds.bits_per_dim(*bounds.estimates.reverse));
  EXPECT_EQ(document.at("reverse").at("from"), "old chains");
  EXPECT_DOUBLE_EQ(document.at("gap").get<double>(), 0.5);
}

TEST(LogZBoundsTextTest, FloatsHaveNoBits) {
  const LogZBounds bounds = bounds_with(0.5, std::nullopt);
  const nlohmann::json document = log_z_bounds_json(bounds);
  EXPECT_TRUE(document.at("bits_per_dim").is_null());
  EXPECT_TRUE(document.at("reverse").at("bits_per_dim").is_null());
  EXPECT_NE(log_z_bounds_text(bounds).find("bits/dim     none"), std::string::npos);
}

}  // namespace
}  // namespace ebm::evaluation
