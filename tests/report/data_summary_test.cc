#include "report/data_summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ebm::report {
namespace {

data::DatasetSummary summary() {
  return {.name = "idx:x#split=test",
          .n = 3,
          .shape = {1, 28, 20},
          .kind = "uint8",
          .is_image = true,
          .stored = {.min = 0, .max = 255, .mean = 72.5, .sd = 90},
          .scaled = {.min = -1, .max = 1, .mean = -0.25, .sd = 0.5},
          .classes = {{.label = 0, .name = "shirt", .n = 2}, {.label = 1, .name = "", .n = 1}}};
}

TEST(DataSummaryTest, IsLinesForAPerson) {
  EXPECT_EQ(data_summary_text(summary()),
            "data     idx:x#split=test\n"
            "items    3\n"
            "shape    1 x 28 x 20 (uint8)\n"
            "stored   min 0  max 255  mean 72.5  sd 90\n"
            "scaled   min -1  max 1  mean -0.25  sd 0.5\n"
            "classes  2\n"
            "     0        2  shirt\n"
            "     1        1  \n");
}

TEST(DataSummaryTest, IsOneDocument) {
  const nlohmann::json document = data_summary_json(summary());
  EXPECT_EQ(document["shape"], nlohmann::json::array({1, 28, 20}));
  EXPECT_EQ(document["stored"]["max"], 255.0);
  EXPECT_EQ(document["scaled"]["sd"], 0.5);
  EXPECT_EQ(document["classes"][0]["name"], "shirt");
  EXPECT_EQ(document["classes"][1]["n"], 1);
  EXPECT_EQ(document["is_image"], true);
}

TEST(DataSummaryTest, ValuesOfTheDataHaveTheDigitsOfTheirFloats) {
  data::DatasetSummary points = summary();
  points.scaled.min = -0.4f;
  points.scaled.max = 0.1f;
  const nlohmann::json document = data_summary_json(points);
  EXPECT_EQ(document["scaled"]["min"].dump(), "-0.4");
  EXPECT_EQ(document["scaled"]["max"].dump(), "0.1");
}

}  // namespace
}  // namespace ebm::report
