#include "report/bench_comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace ebm::report {
namespace {

std::string bench_row(const std::string& net, int threads, double rate, double sd,
                      const std::string& more = "") {
  return R"({"net":")" + net + R"(","dim":784,"sampler":"langevin","chains":128,"steps":20,)" +
         R"("threads":)" + std::to_string(threads) +
         R"(,"backend":"compiled","chain_steps_per_s":)" + std::to_string(rate) +
         R"(,"chain_steps_per_s_sd":)" + std::to_string(sd) + more + "}";
}

std::string bench_file(const std::string& rows) {
  return R"({"machine":{"cpu":"c","cores":2,"simd":"AVX3","version":"1.0"},"rows":[)" + rows + "]}";
}

TEST(BenchComparisonTest, RowsAreMatchedByWhatRan) {
  // A file without precisions, of an older version; rows in another order; one more in each.
  const std::string a = bench_file(bench_row("uva", 1, 100, 3) + "," + bench_row("uva", 2, 180, 0) +
                                   "," + bench_row("mnistnet", 1, 7, 0));
  const std::string b =
      bench_file(bench_row("uva", 2, 270, 0, R"(,"precision":"f32","peak_fraction":0.5)") + "," +
                 bench_row("uva", 1, 300, 0, R"(,"precision":"bf16")") + "," +
                 bench_row("uva", 1, 150, 6, R"(,"precision":"f32")"));
  const BenchComparison found = compare_benches(a, "a.json", b, "b.json");
  ASSERT_EQ(found.rows.size(), 2u);
  EXPECT_DOUBLE_EQ(found.rows[0].ratio, 1.5);
  // √(0.03² + 0.04²) = 0.05 of it.
  EXPECT_NEAR(found.rows[0].ratio_sd, 1.5 * 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(found.rows[1].ratio, 1.5);
  EXPECT_EQ(found.rows[1].second_peak, 0.5);
  EXPECT_EQ(found.only_in_first, 1u);
  EXPECT_EQ(found.only_in_second, 1u);
  const auto json = comparison_json(found);
  EXPECT_EQ(json["rows"][1]["net"], "uva");
  EXPECT_EQ(json["rows"][1]["threads"], 2);
  EXPECT_EQ(json["rows"][1]["precision"], "f32");
  EXPECT_EQ(json["rows"][1]["ratio"], 1.5);
  const std::string text = comparison_text(found);
  EXPECT_NE(text.find("A  c, 2 cores, AVX3, ebm 1.0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("uva, langevin, compiled, f32 "), std::string::npos) << text;
  EXPECT_NE(text.find(" 1.500 "), std::string::npos) << text;
  EXPECT_NE(text.find("rows only in A: 1; only in B: 1\n"), std::string::npos) << text;
}

// Files may come from others, and a table goes to a terminal.
TEST(BenchComparisonTest, NoTextOfAFileMovesTheCursor) {
  const std::string evil =
      R"({"machine":{"cpu":"\u001b[2J\nx","cores":2,"simd":"\u0007","version":"\u001b[1A"},)"
      R"("rows":[{"net":"\u001b[31m","sampler":"\r","chain_steps_per_s":1}]})";
  const std::string text = comparison_text(compare_benches(evil, "a", evil, "b"));
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << int{c};
  EXPECT_TRUE(text.starts_with("A  \\x1b[2J\\x0ax, 2 cores, \\x07, ebm \\x1b[1A\nB  ")) << text;
}

TEST(BenchComparisonTest, RowsThatAreAlikeAreMatchedInTheirOrder) {
  const std::string a = bench_file(bench_row("uva", 1, 100, 0) + "," + bench_row("uva", 1, 200, 0));
  const BenchComparison found = compare_benches(a, "a", a, "a");
  ASSERT_EQ(found.rows.size(), 2u);
  EXPECT_EQ(found.rows[0].second, 100);
  EXPECT_EQ(found.rows[1].second, 200);
}

TEST(BenchComparisonTest, OtherFilesAreRefusedByName) {
  const std::string good = bench_file(bench_row("uva", 1, 100, 0));
  const auto message = [&](const std::string& other) {
    try {
      compare_benches(good, "a.json", other, "b.json");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return std::string(error.what());
    }
    ADD_FAILURE() << "no error";
    return std::string();
  };
  EXPECT_NE(message("{}").find("b.json: the document has no machine"), std::string::npos);
  EXPECT_NE(message("[1]").find("b.json"), std::string::npos);
  EXPECT_NE(message(R"({"machine":{},"rows":[]})").find("b.json: machine has no cpu"),
            std::string::npos)
      << message(R"({"machine":{},"rows":[]})");
  EXPECT_NE(message(bench_file("1")).find("rows[0] has no chain_steps_per_s"), std::string::npos);
  EXPECT_NE(message(bench_file(bench_row("uva", 1, 0, 0))).find("is no positive number"),
            std::string::npos);
  EXPECT_NE(message(bench_file(R"({"chain_steps_per_s":1,"threads":"2"})")).find("threads is no"),
            std::string::npos);
  EXPECT_NE(message(bench_file(bench_row("mnistnet", 1, 100, 0))).find("has none of the rows of"),
            std::string::npos);
}

}  // namespace
}  // namespace ebm::report
