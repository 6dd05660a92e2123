#include "training/run_counters.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace ebm::training {
namespace {

const std::string kState =
    "{\"iteration\": 12, \"rollbacks\": 2, \"seconds\": 1.5, \"end_evaluation\": 3,"
    " \"scheduled\": true, \"guard_counts\": [0, 4, 0], \"data_fingerprint\": \"f\"}";

std::string with(const std::string& from, const std::string& to) {
  std::string text = kState;
  return text.replace(text.find(from), from.size(), to);
}

/// The message with which a state is refused; empty if it is not.
std::string refusal_of(const std::string& state) {
  RunCounters counters{.iteration = 1, .data_fingerprint = "f"};
  DivergenceGuard guard({});
  try {
    restore_state({{"state.json", state}}, "run/000012", counters, guard);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    EXPECT_EQ(counters.iteration, 1);
    EXPECT_EQ(guard.counts(), DivergenceGuard::Counts{});
    return error.what();
  }
}

TEST(RunCountersTest, AreReadBack) {
  RunCounters counters{.data_fingerprint = "f"};
  DivergenceGuard guard({});
  restore_state({{"state.json", kState}}, "run", counters, guard);
  EXPECT_EQ(counters.iteration, 12);
  EXPECT_EQ(counters.rollbacks, 2);
  EXPECT_EQ(counters.seconds, 1.5);
  EXPECT_EQ(counters.end_evaluation, 3);
  EXPECT_EQ(guard.counts(), (DivergenceGuard::Counts{0, 4, 0}));
  RunCounters again{.data_fingerprint = "f"};
  DivergenceGuard other({});
  restore_state({{"state.json", state_json(counters, guard, true)}}, "run", again, other);
  EXPECT_EQ(again.iteration, 12);
  EXPECT_EQ(again.seconds, 1.5);
  EXPECT_EQ(other.counts(), guard.counts());
}

TEST(RunCountersTest, GapsOfClassesAreReadBack) {
  DivergenceGuard guard({.patience = 3});
  guard.watch_classes(1.0, {"Trouser", "none"});
  const ClassGap gaps[] = {{.gap = -0.1, .weight = 300.0}, {.gap = 2.0, .weight = 1.0 / 3.0}};
  EXPECT_FALSE(guard.observe(
      {.loss = 0.0, .energy_gap = 0.0, .grad_norm = 0.0, .saturation = 0.0, .classes = gaps}));
  const std::string healthy = state_json({.data_fingerprint = "f"}, guard, true);
  EXPECT_TRUE(good_to_return_to(healthy));
  RunCounters counters{.data_fingerprint = "f"};
  DivergenceGuard other({}), of_three({});
  other.watch_classes(1.0, {"Trouser", "none"});
  restore_state({{"state.json", healthy}}, "run", counters, other);
  EXPECT_EQ(other.classes(), guard.classes());
  of_three.watch_classes(1.0, {"Trouser", "Bag", "none"});
  try {
    restore_state({{"state.json", healthy}}, "run", counters, of_three);
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "run/state.json has the energy gaps of 2 classes, expected 3");
  }
  EXPECT_EQ(other.classes().at(1).sum, 2.0 / 3.0);
  // With a bound passed it is none to return to.
  const ClassGap lost[] = {{.gap = -2.0, .weight = 300.0}, {.gap = 0.0, .weight = 0.0}};
  EXPECT_FALSE(guard.observe(
      {.loss = 0.0, .energy_gap = 0.0, .grad_norm = 0.0, .saturation = 0.0, .classes = lost}));
  EXPECT_FALSE(good_to_return_to(state_json({.data_fingerprint = "f"}, guard, true)));
}

TEST(RunCountersTest, AnOlderStateHasNoEvaluationOfItsEnd) {
  EXPECT_EQ(refusal_of(with(" \"end_evaluation\": 3,", "")), "");
}

TEST(RunCountersTest, WhatIsNoStateIsRefused) {
  const std::string refusal = "run/000012/state.json is no state of a training run";
  for (const std::string& state :
       {std::string("{}"),
        std::string("[]"),
        std::string("1"),
        std::string("not JSON"),
        std::string("{\"scheduled\":1}"),
        std::string(100000, '['),
        "{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}",
        with("12", "1e300"),
        with("12", "12.5"),
        with("12", "-1"),
        with("12", "\"12\""),
        with("12", "10000000000001"),
        with("12", "18446744073709551615"),
        with("12", "null"),
        with("\"rollbacks\": 2", "\"rollbacks\": 4294967296"),
        with("1.5", "-1.0"),
        with("1.5", "1e999"),
        with("1.5", "[]"),
        with("3,", "1e300,"),
        with("3,", "null,"),
        with("[0, 4, 0]", "[0, 4]"),
        with("[0, 4, 0]", "[0, 4, 0, 0]"),
        with("[0, 4, 0]", "[0, 1e300, 0]"),
        with("[0, 4, 0]", "[0, -1, 0]"),
        with("[0, 4, 0]", "{\"0\": 1}"),
        with("\"f\"", "\"f\", \"guard_classes\": 1"),
        with("\"f\"", "\"f\", \"guard_classes\": [[1.0, 2.0]]"),
        with("\"f\"", "\"f\", \"guard_classes\": [[1.0, -2.0, 0]]"),
        with("\"f\"", "\"f\", \"guard_classes\": [[1e999, 2.0, 0]]"),
        with("\"f\"", "\"f\", \"guard_classes\": [[1.0, 2.0, -1]]"),
        with("\"f\"", "\"f\", \"guard_classes\": [[1.0, 2.0, 0], null]"),
        with("\"f\"", "7")}) {
    EXPECT_EQ(refusal_of(state), refusal) << state.substr(0, 200);
  }
}

TEST(RunCountersTest, AnotherDataSetIsRefused) {
  EXPECT_EQ(refusal_of(with("\"f\"", "\"g\"")),
            "run/000012 was trained on other data: fingerprint g, the data set now has f");
}

TEST(RunCountersTest, OnlyHealthyScheduledStatesAreReturnedTo) {
  const std::string healthy = with("4", "0");
  EXPECT_TRUE(good_to_return_to(healthy));
  EXPECT_FALSE(good_to_return_to(kState));
  for (const char* state : {"{\"scheduled\":1}", "{\"scheduled\":true}", "{\"scheduled\":[]}", "[]",
                            "3", "", "{\"scheduled\":true,\"guard_counts\":[0,0,\"0\"]}",
                            "{\"scheduled\":false,\"guard_counts\":[0,0,0]}"}) {
    EXPECT_FALSE(good_to_return_to(state)) << state;
  }
}

}  // namespace
}  // namespace ebm::training
