#include "evaluation/report/diagnosis_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "tests/samplers/diagnostics/made_diagnosis.h"

namespace ebm::evaluation {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(DiagnosisTableTest, AlignsNumbersOfThreeSignificantDigits) {
  samplers::Diagnosis diagnosis = samplers::made_diagnosis(1);
  diagnosis.rows.push_back(samplers::made_row("energy", std::nan("")));
  EXPECT_EQ(diagnosis_table(diagnosis),
            "4 chains x 1000 draws in 2.00 s\n"
            "\n"
            "          Mean     MCSE  StdDev     5%  50%   95%  ESS_bulk  ESS_tail  ESS_bulk/s     "
            " R_hat  "
            "lag_1\n"
            "x[0]    -0.123  0.00123    1.00  -12.3    0  10.0      1513  1.23e+09         756     "
            " 1.000  "
            "0.500\n"
            "energy  -0.123  0.00123    1.00  -12.3    0  10.0      1513  1.23e+09         756  "
            "undefined  "
            "0.500\n"
            "\n"
            "no warnings\n");
}

TEST(DiagnosisTableTest, LeavesOutWhatIsNotKnown) {
  samplers::Diagnosis diagnosis = samplers::made_diagnosis(1);
  diagnosis.seconds.reset();
  diagnosis.rows[0].ess_bulk_per_s.reset();
  const std::string text = diagnosis_table(diagnosis);
  EXPECT_EQ(text.find("ESS_bulk/s"), std::string::npos);
  EXPECT_EQ(text.find(" s\n"), std::string::npos);
}

TEST(DiagnosisTableTest, ShowsTheFirstRowsAndTheWorstOfTheOthers) {
  samplers::Diagnosis diagnosis = samplers::made_diagnosis(100);
  diagnosis.rows[40].rhat = INFINITY;
  diagnosis.rows[99].rhat = std::nan("");
  const auto lines = lines_of(diagnosis_table(diagnosis));
  ASSERT_EQ(lines.size(), 22u);
  EXPECT_EQ(lines[3].substr(0, 5), "x[0] ");
  EXPECT_EQ(lines[12].substr(0, 5), "x[9] ");
  EXPECT_EQ(lines[13], "largest R_hat of the other 90:");
  const std::vector<std::string> worst{"x[40]", "x[98]", "x[97]", "x[96]", "x[95]"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(lines[14 + i].substr(0, 5), worst[i]);
  EXPECT_EQ(lines[19], "85 more rows are left out");
  EXPECT_EQ(select_rows(diagnosis).n_left_out, 85u);
}

TEST(DiagnosisTableTest, ShowsAllRowsIfTheyAreFew) {
  EXPECT_EQ(lines_of(diagnosis_table(samplers::made_diagnosis(15))).size(), 3u + 15u + 2u);
  EXPECT_EQ(select_rows(samplers::made_diagnosis(15)).n_left_out, 0u);
  EXPECT_EQ(select_rows(samplers::made_diagnosis(16)).n_left_out, 1u);
}

TEST(DiagnosisTableTest, EndsWithCountersAndWarnings) {
  samplers::Diagnosis diagnosis = samplers::made_diagnosis(1);
  diagnosis.e_bfmi = {0.9, 0.25, std::nan("")};
  diagnosis.acceptance = {0.5, 0.7};
  diagnosis.n_divergent = {1, 2};
  diagnosis.warnings = {"first", "second"};
  const auto lines = lines_of(diagnosis_table(diagnosis));
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_EQ(lines[5], "E-BFMI 0.250, acceptance 0.600, 3 divergent steps");
  EXPECT_EQ(lines[6], "warning: first");
  EXPECT_EQ(lines[7], "warning: second");
}

}  // namespace
}  // namespace ebm::evaluation
