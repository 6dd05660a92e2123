#include "report/page/classifier.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "report/page/html_classifier.h"
#include "report/page/restoration.h"
#include "tests/report/count.h"

namespace ebm::report {
namespace {

const std::string kResult = R"({"model": "run", "data": "toy:rings", "accuracy": 0.75,
  "classes": ["cat", "<dog>"], "confusion": [[3, 1], [0, 0]],
  "calibration": [{"n": 0, "confidence": 0, "accuracy": 0},
                  {"n": 4, "confidence": 0.9, "accuracy": 0.75}],
  "ood": {"noise": {"n": 5, "auroc_doubt": 0.9}}, "warnings": ["a line"]})";

/// What an action refuses its document with; "none" if it does not.
template <class Parse>
std::string refusal_of(const Parse& parse) {
  try {
    parse();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "none";
}

TEST(ClassifierResultTest, HoldsWhatTheDocumentSays) {
  const ClassifierResult result = parse_classifier(kResult, "c.json");
  EXPECT_EQ(result.classes, (std::vector<std::string>{"cat", "<dog>"}));
  EXPECT_EQ(result.confusion, (std::vector<double>{3, 1, 0, 0}));
  ASSERT_EQ(result.calibration.size(), 2u);
  EXPECT_EQ(result.calibration[1].confidence, 0.9);
  EXPECT_EQ(result.calibration[1].accuracy, 0.75);
  ASSERT_EQ(result.tables.size(), 2u);
  ASSERT_EQ(result.tables[0].rows.size(), 3u);  // model, data and accuracy
  EXPECT_EQ(result.tables[0].rows[1], (std::vector<std::string>{"test", "toy:rings"}));
  EXPECT_EQ(result.tables[1].title, "ood");
}

TEST(ClassifierResultTest, CellsAreSharesOfTheirRow) {
  const std::string section = classifier_section(parse_classifier(kResult, "c.json"));
  EXPECT_NE(section.find("title=\"3 items\">75.0</td>"), std::string::npos);
  EXPECT_NE(section.find("title=\"1 items\">25.0</td>"), std::string::npos);
  EXPECT_EQ(count(section, "title=\"0 items\">0.0</td>"), 2u);
  // Half of the colour for a whole row, by the square root.
  EXPECT_NE(section.find("rgba(43, 124, 214, 0.433)"), std::string::npos);
  EXPECT_EQ(section.find("<dog>"), std::string::npos);
  EXPECT_EQ(count(section, "&lt;dog&gt;"), 2u);
  // One bar, of the bin that has items, 0.75 of 300 high.
  EXPECT_EQ(count(section, "swatch-0-fill"), 1u);
  EXPECT_NE(section.find("height=\"225.0\" class=\"swatch-0-fill\""), std::string::npos);
  EXPECT_NE(section.find("4 items: confidence 0.900, accuracy 0.750"), std::string::npos);
  EXPECT_EQ(classifier_section({}), "");
}

TEST(ClassifierResultTest, OtherDocumentsAreRefused) {
  const auto refusal = [](const std::string& json) {
    return refusal_of([&] { parse_classifier(json, "c.json"); });
  };
  EXPECT_EQ(refusal("{}"), "c.json: classes is missing");
  EXPECT_EQ(refusal(R"({"classes": []})"), "c.json: classes is empty");
  EXPECT_EQ(refusal(R"({"classes": [1]})"), "c.json: an entry of classes is no text");
  EXPECT_EQ(refusal(R"({"classes": ["a"]})"), "c.json: confusion is missing");
  EXPECT_EQ(refusal(R"({"classes": ["a"], "confusion": [[1], [2]]})"),
            "c.json: confusion has not as many rows as classes");
  EXPECT_EQ(refusal(R"({"classes": ["a"], "confusion": [[1, 2]]})"),
            "c.json: confusion[0] has not as many counts as classes");
  EXPECT_EQ(refusal(R"({"classes": ["a"], "confusion": [[-1]]})"),
            "c.json: confusion[0] has a negative count");
  EXPECT_EQ(refusal(R"({"classes": ["a"], "confusion": [[1]],
                        "calibration": [{"n": 1, "confidence": 2, "accuracy": 0}]})"),
            "c.json: calibration[0].confidence is not from 0 to 1");
}

TEST(RestorationTest, ShowsThePictureAndWhatItsColumnsAre) {
  Restoration restoration = parse_restoration(
      R"({"operator": "blur=1.5", "columns": ["observed", "<mean>"], "psnr": {"mean": 20}})",
      "run/restore-blur.json");
  EXPECT_EQ(restoration.name, "restore-blur");
  EXPECT_EQ(restoration.columns, (std::vector<std::string>{"observed", "<mean>"}));
  restoration.picture_png = "png";
  const std::string sections = restoration_sections({restoration, restoration});
  EXPECT_EQ(count(sections, "<section"), 2u);
  EXPECT_EQ(count(sections, "<img "), 2u);
  EXPECT_EQ(count(sections, "from left to right: observed, &lt;mean&gt;"), 4u);
  EXPECT_NE(sections.find("blur=1.5"), std::string::npos);
  EXPECT_EQ(restoration_sections({}), "");
  EXPECT_EQ(refusal_of([] { parse_restoration(R"({"columns": [1]})", "r.json"); }),
            "r.json: an entry of columns is no text");
}

}  // namespace
}  // namespace ebm::report
