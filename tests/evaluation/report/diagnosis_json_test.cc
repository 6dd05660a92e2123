#include "evaluation/report/diagnosis_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/samplers/diagnostics/made_diagnosis.h"

namespace ebm::evaluation {
namespace {

TEST(DiagnosisJsonTest, LeavesOutWhatIsNotKnown) {
  samplers::Diagnosis diagnosis = samplers::made_diagnosis(1);
  diagnosis.seconds.reset();
  diagnosis.rows[0].ess_bulk_per_s.reset();
  const nlohmann::json document = diagnosis_json(diagnosis);
  for (const char* name : {"seconds", "e_bfmi", "acceptance", "divergent"}) {
    EXPECT_FALSE(document.contains(name)) << name;
  }
  EXPECT_FALSE(document["rows"][0].contains("ess_bulk_per_s"));
  EXPECT_EQ(diagnosis_json(samplers::made_diagnosis(100))["rows_left_out"], 85);
}

TEST(DiagnosisJsonTest, HoldsWhatTheTableShows) {
  samplers::Diagnosis diagnosis = samplers::made_diagnosis(2);
  diagnosis.rows[1].rhat = std::nan("");
  diagnosis.e_bfmi = {0.9, 0.25};
  diagnosis.acceptance = {0.5, 0.75};
  diagnosis.n_divergent = {1, 2};
  diagnosis.warnings = {"first"};
  const auto document = nlohmann::json::parse(diagnosis_json(diagnosis).dump());
  EXPECT_EQ(document["n_chains"], 4);
  EXPECT_EQ(document["n_draws"], 1000);
  EXPECT_EQ(document["seconds"], 2.0);
  EXPECT_EQ(document["e_bfmi"], 0.25);
  EXPECT_EQ(document["acceptance"], 0.625);
  EXPECT_EQ(document["divergent"], 3);
  EXPECT_EQ(document["warnings"], nlohmann::json{"first"});
  ASSERT_EQ(document["rows"].size(), 2u);
  const nlohmann::json right{{"name", "x[0]"},        {"mean", -0.123456},
                             {"mcse", 0.00123456},    {"sd", 1.0},
                             {"q5", -12.3456},        {"q50", 0.0},
                             {"q95", 9.999},          {"ess_bulk", 1512.77},
                             {"ess_tail", 1.23456e9}, {"ess_bulk_per_s", 756.385},
                             {"rhat", 1.0},           {"lag1", 0.5}};
  EXPECT_EQ(document["rows"][0], right);
  EXPECT_TRUE(document["rows"][1]["rhat"].is_null());
}

}  // namespace
}  // namespace ebm::evaluation
