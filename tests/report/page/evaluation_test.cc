#include "report/page/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace ebm::report {
namespace {

using Values = std::vector<double>;

TEST(EvaluationTest, LongRunsAndEnergiesAreTakenOutOfTheTables) {
  const Evaluation found = parse_evaluation(
      R"({"fd": 3, "long_run": {"steps": [0, 10, 100], "fd": [9, null, 7.5], "energy": [1, 2, 3],
                                "saturation": [null, null, null], "n": 50},
          "energies": {"test": {"edges": [-1, 0, 2], "counts": [3, 1]},
                       "none": {"edges": [0, 1], "counts": [0]},
                       "train": {"edges": [0, 1], "counts": [4], "mean": 0.5}, "x": {"sd": 1}},
          "film": {"steps": [0, 7], "file": "f.png"}, "ood": {"a": {"auroc": 1}}})",
      "e.json");
  EXPECT_EQ(found.long_run_steps, (Values{0, 10, 100}));
  ASSERT_EQ(found.long_run.size(), 2u);
  EXPECT_EQ(found.long_run[0].name, "fd");
  EXPECT_TRUE(std::isnan(found.long_run[0].values[1]));
  EXPECT_EQ(found.long_run[0].values[2], 7.5);
  EXPECT_EQ(found.long_run[1].values, (Values{1, 2, 3}));
  ASSERT_EQ(found.energies.size(), 2u);
  EXPECT_EQ(found.energies[0].name, "test");
  EXPECT_EQ(found.energies[0].edges, (Values{-1, 0, 2}));
  EXPECT_EQ(found.energies[0].counts, (Values{3, 1}));
  EXPECT_EQ(found.energies[1].name, "train");
  EXPECT_EQ(found.film_steps, (Values{0, 7}));
  // What is no part of a chart stays a figure.
  std::string text;
  for (const auto& table : found.tables) {
    text += table.title + ":";
    for (const auto& row : table.rows) {
      for (const auto& cell : row) text += " " + cell;
    }
    text += "\n";
  }
  EXPECT_EQ(text,
            ": fd 3\nood: a 1\nlong_run: n 50\nenergies: train 0.5  x  1\nfilm: file f.png\n");
}

TEST(EvaluationTest, AnchorsStandInTheTableOfTheSamples) {
  const Evaluation found = parse_evaluation(
      R"({"n": 5, "samples": {"noise": {"fd": 3, "kid": 2}},
          "anchors": {"test": {"fd": 1, "kid": 0}, "noise": {"fd": 9, "kid": 8}},
          "ood": {"a": {"auroc": 1}}})",
      "e.json");
  ASSERT_EQ(found.tables.size(), 3u);
  EXPECT_EQ(found.tables[1].title, "samples and anchors");
  EXPECT_EQ(found.tables[1].columns, (std::vector<std::string>{"name", "fd", "kid"}));
  EXPECT_EQ(found.tables[1].rows,
            (std::vector<std::vector<std::string>>{
                {"noise", "3", "2"}, {"anchor: test", "1", "0"}, {"anchor: noise", "9", "8"}}));
  EXPECT_EQ(found.tables[2].title, "ood");
  // Figures of another kind stay where they are.
  EXPECT_EQ(parse_evaluation(R"({"samples": {"n": 2}, "anchors": {"a": {"fd": 1}}})", "e.json")
                .tables[0]
                .title,
            "samples");
}

TEST(EvaluationTest, EveryPartMayBeMissing) {
  EXPECT_TRUE(parse_evaluation("{}", "e.json").is_empty());
  EXPECT_TRUE(
      parse_evaluation(R"({"long_run": {}, "energies": {}, "film": {}})", "e.json").is_empty());
  const Evaluation found = parse_evaluation(R"({"long_run": {"steps": [1, 2]}})", "e.json");
  EXPECT_TRUE(found.long_run.empty());
}

std::string refusal(const std::string& json) {
  try {
    parse_evaluation(json, "e.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "";
}

std::string run(const std::string& rest) { return R"({"long_run": {)" + rest + "}}"; }
std::string set(const std::string& rest) { return R"({"energies": {"a": {)" + rest + "}}}"; }

TEST(EvaluationTest, WhatCannotBeDrawnIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"long_run": 3})", "e.json: long_run is of type number, expected an object"},
      {run(R"("steps": 3)"),
       "e.json: long_run.steps is of type number, expected an array of numbers"},
      {run(R"("steps": [1, "2"])"),
       "e.json: an entry of long_run.steps is of type string, expected a number"},
      {run(R"("steps": [1, null])"),
       "e.json: an entry of long_run.steps is of type null, expected a number"},
      {run(R"("steps": [1, 1])"), "e.json: long_run.steps do not rise from one to the next"},
      {run(R"("steps": [1, 2], "fd": [1])"),
       "e.json: long_run.fd has 1 values, expected 2, as many as steps"},
      {run(R"("fd": [1])"), "e.json: long_run.fd has 1 values, expected 0, as many as steps"},
      {run(R"("steps": [1], "fd": [true])"),
       "e.json: an entry of long_run.fd is of type boolean, expected a number"},
      {run(R"("steps": [1], "fd": [1e300])"),
       "e.json: an entry of long_run.fd is 1e+300, expected at most 1e100"},
      {run(R"("steps": [1], "fd": [1e999])"),
       "e.json: expected a JSON object of figures, and it is no JSON"},
      {run(R"("steps": [1], "fd": [NaN])"),
       "e.json: expected a JSON object of figures, and it is no JSON"},
      {R"({"energies": [1]})", "e.json: energies is of type array, expected an object"},
      {R"({"energies": {"<a\n>": 1}})",
       "e.json: energies.\"<a\\x0a>\" is of type number, expected an object"},
      {set(R"("edges": [0, 1], "counts": [1, 2])"),
       "e.json: energies.\"a\".edges has 2 values, expected 3, one more than counts"},
      {set(R"("edges": [0, 0], "counts": [1])"),
       "e.json: energies.\"a\".edges do not rise from one to the next"},
      {set(R"("edges": [0, 1], "counts": [-1])"),
       "e.json: energies.\"a\".counts has a negative one"},
      {set(R"("counts": [1])"),
       "e.json: energies.\"a\".edges has 0 values, expected 2, one more than counts"},
      {R"({"film": []})", "e.json: film is of type array, expected an object"},
  };
  for (const auto& [json, message] : cases) EXPECT_EQ(refusal(json), message) << json;
  std::string many = "0";
  for (int i = 1; i <= 500; ++i) many += "," + std::to_string(i);
  EXPECT_EQ(refusal(run("\"steps\": [" + many + "]")),
            "e.json: long_run.steps has 501 values, expected at most 500");
  std::string sets;
  for (int i = 0; i <= 1000; ++i) {
    sets += (i > 0 ? "," : "") + std::string("\"") + std::to_string(i) + "\": {}";
  }
  EXPECT_EQ(refusal("{\"energies\": {" + sets + "}}"),
            "e.json: has an object of more than 1000 keys: too many for a page");
}

}  // namespace
}  // namespace ebm::report
