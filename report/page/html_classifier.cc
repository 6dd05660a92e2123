#include "report/page/html_classifier.h"

#include <cmath>

#include "base/printed.h"
#include "report/page/html_figures.h"
#include "report/page/html_text.h"

namespace ebm::report {
namespace {

/// Of the square of the reliability diagram, in units that scale with the page.
constexpr double kSide = 300.0, kLeftEdge = 50.0, kUpperEdge = 15.0, kLowerEdge = 50.0;

std::string confusion(const ClassifierResult& result) {
  const std::size_t n = result.classes.size();
  if (result.confusion.empty()) {
    return "<p class=\"note\">A confusion matrix of " + std::to_string(n) +
           " classes is too large for a page.</p>\n";
  }
  std::string text =
      "<div class=\"wide\"><table class=\"confusion\">\n<caption>Confusion matrix: true class in "
      "rows, predicted class in columns, percent of the row</caption>\n<thead><tr><th></th>";
  for (const std::string& name : result.classes) {
    text += "<th scope=\"col\">" + html_escaped(name) + "</th>";
  }
  text += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < n; ++i) {
    double of_row = 0.0;
    for (std::size_t j = 0; j < n; ++j) of_row += result.confusion[i * n + j];
    text += "<tr><th scope=\"row\">" + html_escaped(result.classes[i]) + "</th>";
    for (std::size_t j = 0; j < n; ++j) {
      const double count = result.confusion[i * n + j];
      const double share = of_row > 0.0 ? count / of_row : 0.0;
      // The square root shows small shares, too; the text stays legible on half of the colour.
      text += base::printed(
          "<td style=\"background: rgba(43, 124, 214, %.3f)\" title=\"%.0f items\">%.1f</td>",
          0.5 * std::sqrt(share), count, 100.0 * share);
    }
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table></div>\n";
}

/// Bars of accuracy over confidence, and the line on which both are equal.
std::string reliability(const std::vector<ClassifierResult::Bin>& bins) {
  if (bins.empty()) return {};
  const double width = kSide / static_cast<double>(bins.size());
  const double bottom = kUpperEdge + kSide;
  std::string text =
      "<figure class=\"reliability\"><figcaption>accuracy over confidence <small>on the line: "
      "calibrated</small></figcaption>\n" +
      base::printed(
          "<svg viewBox=\"0 0 %.0f %.0f\" class=\"drawing\" role=\"img\" "
          "aria-label=\"Reliability diagram\">\n",
          kLeftEdge + kSide + 20.0, kUpperEdge + kSide + kLowerEdge);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    if (!(bins[b].n > 0.0)) continue;
    const double height = kSide * bins[b].accuracy;
    text += base::printed(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"swatch-0-fill\">"
        "<title>%.0f items: confidence %.3f, accuracy %.3f</title></rect>\n",
        kLeftEdge + static_cast<double>(b) * width + 1.0, bottom - height, width - 2.0, height,
        bins[b].n, bins[b].confidence, bins[b].accuracy);
  }
  text += base::printed(
      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
      "class=\"diagonal\"/>\n",
      kLeftEdge, bottom, kLeftEdge + kSide, kUpperEdge);
  text += base::printed(
      "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
      "class=\"frame\"/>\n",
      kLeftEdge, kUpperEdge, kSide, kSide);
  for (const double tick : {0.0, 0.5, 1.0}) {
    text += base::printed("<text x=\"%.1f\" y=\"%.1f\">%g</text>\n", kLeftEdge + kSide * tick,
                          bottom + 18.0, tick);
    text += base::printed("<text x=\"%.1f\" y=\"%.1f\" class=\"tick\">%g</text>\n", kLeftEdge - 6.0,
                          bottom - kSide * tick + 5.0, tick);
  }
  text += base::printed("<text x=\"%.1f\" y=\"%.1f\">confidence</text>\n", kLeftEdge + 0.5 * kSide,
                        bottom + 40.0);
  return text + "</svg></figure>\n";
}

}  // namespace

std::string classifier_section(const ClassifierResult& result) {
  if (result.is_empty()) return {};
  std::string text = confusion(result) + reliability(result.calibration);
  for (const FigureTable& figures : result.tables) text += html_figures(figures);
  return html_section("classification", "Classification by energy", text);
}

}  // namespace ebm::report
