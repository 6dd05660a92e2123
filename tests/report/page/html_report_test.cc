#include "report/page/html_report.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/page/evaluation.h"
#include "report/page/html_text.h"
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
  EXPECT_NE(page.find("<dt>Loss</dt><dd>0.25<small><code>loss</code></small></dd>"),
            std::string::npos);
  EXPECT_NE(
      page.find(
          "<dt>Time</dt><dd>75 <small class=\"unit\">s</small><small><code>seconds</code></small>"),
      std::string::npos);
  EXPECT_NE(page.find("The run has no pictures."), std::string::npos);
}

TEST(HtmlReportTest, HoldsTheChartingLibraryWithItsLicence) {
  const std::string page = html_report(small_run());
  EXPECT_GT(dygraphs_script().text.size(), 50000u);
  EXPECT_NE(page.find(dygraphs_script().text), std::string::npos);
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
  // Title, heading, configuration; title and name of a figure, chart; caption of the picture, its
  // kind and its text; caption, heading and two rows of the table; a set of energies.
  EXPECT_EQ(count(page, kEvilEscaped), 14u);
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
  EXPECT_NE(html_report(run).find("chains in rows, steps from left to right <small"),
            std::string::npos);
  EXPECT_EQ(html_report(run).find("id=\"long-run-0\""), std::string::npos);
  run.evaluation.film_steps = {0, 1, 20};
  run.evaluation.long_run_steps = {0, 100};
  run.evaluation.long_run = {{"fd", {2, 1}}};
  const std::string page = html_report(run);
  EXPECT_NE(page.find("steps from left to right: 0, 1, 20 <small"), std::string::npos);
  EXPECT_NE(page.find("<span>0</span><span>1</span><span>20</span>"), std::string::npos);
  EXPECT_NE(page.find("FD over steps"), std::string::npos);
  EXPECT_EQ(count(page, "id=\"long-run-0\""), 1u);
}

TEST(HtmlReportTest, FiguresHaveTitlesUnitsAndSayWhatIsGood) {
  RunRecord run = small_run();
  run.metrics.columns.push_back({"fd", {40, 20.5}});
  run.metrics.columns.push_back({"late_one", {1, std::nan("")}});
  run.evaluation = parse_evaluation(
      R"({"n": 200, "kid": 0.1, "classes": {"kl": 0.5}, "log_z": {"reverse": {"log_z": -3}, "x": 1},
          "samples": {"noise": {"fd": 13, "two_sample_1nn": 0.8}},
          "anchors": {"test": {"fd": 4.5}, "gaussian": {"fd": 41}, "mine": {"fd": 9}},
          "ood": {"noise": {"auroc": 1}}})",
      "eval.json");
  const std::string page = html_report(run);
  for (const char* part :
       {"<dt>Fréchet distance</dt><dd>20.5<small><code>fd</code> · lower is better</small></dd>",
        "<dt>Late one</dt><dd>1<small><code>late_one</code></small></dd>",
        "distance of test images <b>4.5</b>, Gaussian of the pixels <b>41</b>, mine <b>9</b>.",
        "Kernel distance (KID)<small><code>kid</code> · best 0</small></th><td>0.1</td>",
        "KL divergence of classes<small><code>kl</code> · nats · lower is better</small></th>",
        "log Z (reverse)<small><code>reverse.log_z</code> · nats</small></th><td>-3</td>",
        "1-NN accuracy<small><code>two_sample_1nn</code> · best 0.5</small></th>",
        "<caption>Samples and anchors</caption>", "<th scope=\"row\">samples from noise</th>",
        "<th scope=\"row\">anchor: Gaussian of the pixels</th>",
        "Draws of the data's own distribution have density 1, 1-NN accuracy 0.5 and KID 0.",
        "<caption>Out-of-distribution detection: test images against other data</caption>",
        "<th scope=\"row\">noise</th>",
        "Fréchet distance of features <small>lower is better</small></figcaption>",
        "AUROC of the energy<small><code>auroc</code> · higher is better</small></th>"}) {
    EXPECT_EQ(count(page, part), 1u) << part;
  }
}

TEST(HtmlReportTest, OnlyTheProgramsOwnScriptsMayRun) {
  const std::string page = html_report(small_run());
  const std::string policy =
      "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
      "style-src 'unsafe-inline'; script-src " +
      csp_hash(dygraphs_script().sha256) + " " + csp_hash(page_script().sha256) + "\"";
  EXPECT_EQ(count(page, policy), 1u);
  EXPECT_EQ(count(page, "<script>" + std::string(page_script().text) + "</script>"), 1u);
  EXPECT_EQ(count(page, "<script"), 3u);
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

TEST(ChartsOfTest, AFigureOfAllClassesIsOneChart) {
  MetricsTable metrics;
  metrics.iterations = {1, 2};
  metrics.columns = {{"gap_class_0", {1, 2}},    {"age_class_0", {3, 4}},
                     {"gap_class_1", {5, 6}},    {"age_class_1", {std::nan(""), std::nan("")}},
                     {"gap_class_none", {7, 8}}, {"loss", {1, 2}},
                     {"_class_", {1, 2}}};
  const auto charts = charts_of(metrics);
  ASSERT_EQ(charts.size(), 4u);
  EXPECT_EQ(charts[0].title, "Loss");
  EXPECT_EQ(charts[1].title, "Energy gap by class");
  EXPECT_EQ(charts[1].columns,
            (std::vector<std::string>{"gap_class_0", "gap_class_1", "gap_class_none"}));
  EXPECT_EQ(charts[2].title, "Age of replay chains by class, steps");
  EXPECT_EQ(charts[2].columns, std::vector<std::string>{"age_class_0"});
  EXPECT_EQ(charts[3].columns, std::vector<std::string>{"_class_"});
}

TEST(HtmlReportTest, FinalFiguresOfClassesAreATable) {
  RunRecord run = small_run();
  run.metrics.columns.push_back({"gap_class_0", {1, 0.5}});
  run.metrics.columns.push_back({"gap_class_1", {1, 0.25}});
  run.metrics.columns.push_back({"age_class_1", {1, 40}});
  const std::string page = html_report(run);
  EXPECT_EQ(count(page, "<dd>0.25<"), 1u);  // the loss alone has a card
  EXPECT_NE(page.find("<th scope=\"row\">0</th><td>0.5</td><td></td>"), std::string::npos);
  EXPECT_NE(page.find("<th scope=\"row\">1</th><td>0.25</td><td>40</td>"), std::string::npos);
  EXPECT_NE(page.find("Energy gap by class<small><code>gap_class</code>"), std::string::npos);
}

TEST(HtmlReportTest, ClassesHaveTheirNamesInTheTable) {
  RunRecord run = small_run();
  for (const char* column : {"gap_class_0", "gap_class_2", "gap_class_none"}) {
    run.metrics.columns.push_back({column, {1, 0.5}});
  }
  run.class_names = {"Dress & Coat", "Bag"};
  const std::string page = html_report(run);
  EXPECT_NE(page.find("<th scope=\"row\">0 Dress &amp; Coat</th>"), std::string::npos);
  EXPECT_NE(page.find("<th scope=\"row\">2</th>"), std::string::npos);  // there is no third name
  EXPECT_NE(page.find("<th scope=\"row\">none</th>"), std::string::npos);
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
