#include "report/page/metrics_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace ebm::report {
namespace {

TEST(MetricsTableTest, ColumnsHaveAValueOrNotANumberInEveryRow) {
  const auto table = read_metrics("iteration,loss,fd\n10,0.5,\n20,-1e-3,7\n30,nan,inf\n", "m.csv");
  EXPECT_EQ(table.iterations, (std::vector<std::int64_t>{10, 20, 30}));
  ASSERT_EQ(table.columns.size(), 2u);
  const auto* loss = table.find("loss");
  ASSERT_NE(loss, nullptr);
  EXPECT_EQ(loss->values[0], 0.5);
  EXPECT_EQ(loss->values[1], -1e-3);
  EXPECT_TRUE(std::isnan(loss->values[2]));
  EXPECT_TRUE(std::isnan(table.find("fd")->values[0]));
  EXPECT_EQ(table.find("fd")->values[1], 7.0);
  EXPECT_TRUE(std::isinf(table.find("fd")->values[2]));
  EXPECT_EQ(table.find("iteration"), nullptr);
}

TEST(MetricsTableTest, ALineThatIsStillBeingWrittenIsPassedOver) {
  EXPECT_EQ(read_metrics("iteration,loss\n10,0.5\n20,0.", "m.csv").iterations.size(), 1u);
  EXPECT_TRUE(read_metrics("iteration,loss\n", "m.csv").iterations.empty());
}

TEST(MetricsTableTest, EditorsOfOtherSystemsMayHaveSavedIt) {
  const auto table = read_metrics("\xEF\xBB\xBFiteration,loss\r\n10,0.5\r\n20,\r\n", "m.csv");
  EXPECT_EQ(table.iterations, (std::vector<std::int64_t>{10, 20}));
  ASSERT_NE(table.find("loss"), nullptr);
  EXPECT_EQ(table.find("loss")->values[0], 0.5);
  EXPECT_TRUE(std::isnan(table.find("loss")->values[1]));
}

std::string header_of(int n_columns) {
  std::string line = "iteration";
  for (int i = 0; i < n_columns; ++i) line += ",c" + std::to_string(i);
  return line + "\n";
}

TEST(MetricsTableTest, AThousandFiguresAreTheMost) {
  EXPECT_EQ(read_metrics(header_of(1000), "m.csv").columns.size(), 1000u);
  for (const int n : {1001, 200000}) EXPECT_THROW(read_metrics(header_of(n), "m.csv"), Error);
}

TEST(MetricsTableTest, DamageIsNamedByItsPlace) {
  const std::vector<std::pair<std::string, std::string>> bad{
      {"", "m.csv: has no line of column names"},
      {"iteration", "m.csv: has no line of column names"},
      {"loss\n1\n", "m.csv: the first column is not 'iteration'; expected the file"},
      {"iteration,\n", "m.csv: the column '' has no name"},
      {"iteration,a,a\n", "m.csv: the column 'a' is there twice"},
      {"iteration,iteration\n", "m.csv: the column 'iteration' is there twice"},
      {"iteration,a\n1,2\n2\n", "m.csv:3: 1 value, expected 2; take this line out, or mend it"},
      {"iteration,a\n1,2,3\n", "m.csv:2: 3 values, expected 2"},
      {"iteration,a\n1,x\n", "m.csv:2: a is 'x', expected a number; take this line out"},
      {"iteration,a\n1,2 \n", "m.csv:2: a is '2 ', expected a number"},
      {"iteration,a\n1.5,2\n", "m.csv:2: found '1.5', expected an iteration"},
      {"iteration,a\n2,2\n2,2\n",
       "m.csv:3: found '2', expected an iteration beyond the one before; take this line out"},
  };
  for (const auto& [text, message] : bad) {
    try {
      read_metrics(text, "m.csv");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_TRUE(std::string(error.what()).starts_with(message)) << error.what();
    }
  }
}

}  // namespace
}  // namespace ebm::report
