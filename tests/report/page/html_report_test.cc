#include "report/page/html_report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/page/page_data.h"
#include "report/page/page_files.h"
#include "tests/report/count.h"

namespace ebm::report {
namespace {

constexpr const char* kEvil = "</script><img src=x onerror=\"alert('&')\">";
constexpr const char* kEvilEscaped =
    "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;&amp;&#39;)&quot;&gt;";

RunRecord small_run() {
  RunRecord run;
  run.name = "small";
  run.config = "data = 'fashion-mnist'\nnet = \"uva\"\n";
  run.metrics.iterations = {10, 20};
  run.metrics.columns = {{"loss", {0.5, 0.25}}, {"seconds", {1, 75}}};
  return run;
}

TEST(HtmlReportTest, ShowsTheFiguresOfTheLastRow) {
  const std::string page = html_report(small_run());
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_NE(page.find("<h1>small</h1>"), std::string::npos);
  EXPECT_NE(page.find("data <b>fashion-mnist</b>"), std::string::npos);
  EXPECT_NE(page.find("time <b>1:15</b>"), std::string::npos);
  EXPECT_NE(page.find("<dt>loss</dt><dd>0.25</dd>"), std::string::npos);
  EXPECT_NE(page.find("The run has no pictures."), std::string::npos);
}

TEST(HtmlReportTest, HoldsTheChartingLibraryWithItsLicence) {
  const std::string page = html_report(small_run());
  EXPECT_GT(dygraphs_script().size(), 50000u);
  EXPECT_NE(page.find(dygraphs_script()), std::string::npos);
  EXPECT_NE(page.find("Permission is hereby granted, free of charge"), std::string::npos);
  EXPECT_NE(page.find("Dan Vanderkam"), std::string::npos);
  EXPECT_EQ(page.find("sourceMappingURL"), std::string::npos);
}

TEST(HtmlReportTest, NamesAndValuesFromFilesAreEscapedEverywhere) {
  RunRecord run = small_run();
  run.name = run.config = kEvil;
  run.metrics.columns.push_back({kEvil, {1, 2}});
  run.samples.push_back({.iteration = 10, .png_of = {{kEvil, "png"}}});
  run.n_pictures = 1;
  run.histograms[kEvil][10] = histogram_of(std::vector<float>{1, 2});
  run.evaluation.tables.push_back({.title = kEvil, .columns = {kEvil}, .rows = {{kEvil}, {kEvil}}});
  run.evaluation.energies.push_back({.name = kEvil, .edges = {0, 1}, .counts = {1}});
  const std::string page = html_report(run);
  EXPECT_EQ(page.find(kEvil), std::string::npos);
  EXPECT_EQ(page.find("<img src=x"), std::string::npos);
  // Title, heading, configuration; figure, chart; caption of the picture, its kind and its text;
  // caption, heading and two rows of the table; a set of energies.
  EXPECT_EQ(count(page, kEvilEscaped), 13u);
}

TEST(HtmlReportTest, ARunThatHasJustBegunIsAPage) {
  RunRecord run;
  run.name = "new";
  run.metrics.columns = {{"loss", {}}};
  const std::string page = html_report(run);
  EXPECT_NE(page.find("metrics.csv has no row yet."), std::string::npos);
  EXPECT_EQ(count(page, "<figure>"), 0u);
}

TEST(HtmlReportTest, ShowsALongRunIfThereIsOne) {
  RunRecord run = small_run();
  EXPECT_EQ(html_report(run).find("A long chain"), std::string::npos);
  EXPECT_EQ(html_report(run).find("id=\"energies"), std::string::npos);
  EXPECT_NE(html_report(run).find("<code>ebm eval RUN"), std::string::npos);
  run.evaluation.film_png = "png";
  EXPECT_NE(html_report(run).find("chains in rows, steps from left to right</figcaption>"),
            std::string::npos);
  EXPECT_EQ(html_report(run).find("id=\"long-run-0\""), std::string::npos);
  run.evaluation.film_steps = {0, 1, 20};
  run.evaluation.long_run_steps = {0, 100};
  run.evaluation.long_run = {{"fd", {2, 1}}};
  const std::string page = html_report(run);
  EXPECT_NE(page.find("steps from left to right: 0, 1, 20</figcaption>"), std::string::npos);
  EXPECT_NE(page.find("<span>0</span><span>1</span><span>20</span>"), std::string::npos);
  EXPECT_NE(page.find("FD over steps"), std::string::npos);
  EXPECT_EQ(count(page, "id=\"long-run-0\""), 1u);
}

TEST(ChartsOfTest, ColumnsWithoutAValueHaveNoChartAndUnknownOnesHaveTheirOwn) {
  MetricsTable metrics;
  metrics.iterations = {1, 2};
  metrics.columns = {{"energy_data", {1, 2}},
                     {"energy_samples", {3, 4}},
                     {"energy_gap", {std::nan(""), 1}},
                     {"loss", {std::nan(""), INFINITY}},
                     {"grad_norm", {1, 2}},
                     {"generator_grad_norm", {1, 2}},
                     {"images_per_s", {1, 2}},
                     {"seconds", {1, 2}},
                     {"late_one", {1, 2}},
                     {"fd", {std::nan(""), 80}},
                     {"fd_buffer", {90, 70}}};
  const auto charts = charts_of(metrics);
  ASSERT_EQ(charts.size(), 5u);
  EXPECT_EQ(charts[0].columns, (std::vector<std::string>{"energy_data", "energy_samples"}));
  EXPECT_EQ(charts[1].columns, std::vector<std::string>{"energy_gap"});
  EXPECT_EQ(charts[2].columns, (std::vector<std::string>{"grad_norm", "generator_grad_norm"}));
  EXPECT_EQ(charts[3].title, "Fréchet distance of features");
  EXPECT_EQ(charts[3].columns, (std::vector<std::string>{"fd", "fd_buffer"}));
  EXPECT_EQ(charts[4].title, "Late one");
  EXPECT_EQ(charts[4].columns, std::vector<std::string>{"late_one"});
}

TEST(PageDataTest, HistogramsAreDensitiesOfArea1) {
  RunRecord run = small_run();
  run.histograms["x"][5] = {
      .min = 0, .max = 4, .n = 4, .sum = 0, .sum_squares = 0, .limits = {2, 4}, .counts = {3, 1}};
  EXPECT_NE(page_data(run).find(R"("densities":[0.375,0.125],"edges":[0.0,2.0,4.0],"name":"x")"),
            std::string::npos)
      << page_data(run);
}

TEST(PageDataTest, AnEvaluationHasDensitiesAndNullForWhatIsMissing) {
  RunRecord run = small_run();
  run.evaluation.energies = {{"a", {0, 2, 3, 5}, {1, 8, 1}}, {"b", {0, 2, 3}, {2, 8}}};
  run.evaluation.long_run_steps = {1, 2};
  run.evaluation.long_run = {{"fd", {0.5, std::nan("")}}};
  const std::string data = page_data(run);
  EXPECT_NE(data.find(R"("energies":[{"densities":[0.05,0.8,0.05],)"
                      R"("edges":[0.0,2.0,3.0,5.0],"name":"a"},)"
                      R"({"densities":[0.1,0.8],"edges":[0.0,2.0,3.0],"name":"b"}])"),
            std::string::npos)
      << data;
  EXPECT_NE(data.find(R"("long_run":{"series":[{"name":"fd","y":[0.5,null]}],"steps":[1.0,2.0]})"),
            std::string::npos)
      << data;
}

}  // namespace
}  // namespace ebm::report
