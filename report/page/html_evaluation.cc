#include "report/page/html_evaluation.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "report/page/figure_names.h"
#include "report/page/html_figures.h"
#include "report/page/html_text.h"

namespace ebm::report {
namespace {

/// More labels than this have no room under a picture.
constexpr std::size_t kMaxLabels = 16;
/// Columns of a film are no narrower than this, and their number is taken to be this at least.
constexpr std::size_t kColumnRem = 3, kMinColumns = 10;

/// The first steps of a film's columns, and the last.
std::string steps_text(const std::vector<double>& steps) {
  std::string text;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i + 1 == kMaxLabels && steps.size() > kMaxLabels) {
      return text + ", ..., " + figure_text(steps.back());
    }
    text += (i == 0 ? "" : ", ") + figure_text(steps[i]);
  }
  return text;
}

std::string film(const Evaluation& evaluation) {
  const auto& steps = evaluation.film_steps;
  const std::size_t n_columns = std::max<std::size_t>(steps.size(), kMinColumns);
  std::string caption = "chains in rows, steps from left to right";
  if (!steps.empty()) caption += ": " + steps_text(steps);
  std::string text = "<figure><figcaption>" + caption +
                     " <small class=\"swipe\">swipe for later steps</small></figcaption>\n" +
                     "<div class=\"film\" tabindex=\"0\" role=\"group\" aria-label=\"Film strip, "
                     "scrolls sideways\">" +
                     "<div style=\"min-width: " + std::to_string(kColumnRem * n_columns) +
                     "rem\">\n<img alt=\"Chains on their way, " + caption + "\" src=\"" +
                     png_data_uri(evaluation.film_png) + "\">\n";
  if (!steps.empty() && steps.size() <= kMaxLabels) {
    text += "<div class=\"steps\" aria-hidden=\"true\">";
    for (const double step : steps) text += "<span>" + figure_text(step) + "</span>";
    text += "</div>\n";
  }
  return text + "</div></div></figure>\n";
}

/// An empty place with a legend below it, which the script fills.
std::string chart_place(const std::string& id, const std::string& title) {
  return "<figure><figcaption id=\"" + id + "-title\">" + title +
         "</figcaption>\n<div class=\"chart\" id=\"" + id +
         "\" tabindex=\"0\" role=\"application\" aria-labelledby=\"" + id +
         "-title\" aria-describedby=\"" + id + "-legend\"></div>\n<p class=\"legend\" id=\"" + id +
         "-legend\" aria-live=\"polite\"></p></figure>\n";
}

std::string title_of(const std::string& series, const std::string& distance) {
  if (series == "fd") return html_escaped(distance) + " over steps <small>lower is better</small>";
  if (series == "energy") return "mean energy over steps";
  return "saturation over steps";
}

std::string long_run(const Evaluation& evaluation) {
  std::string text;
  if (!evaluation.film_png.empty()) text += film(evaluation);
  if (!evaluation.film_left_out.empty()) {
    text += "<p class=\"note\">" + html_escaped(evaluation.film_left_out) + "</p>\n";
  }
  if (!evaluation.long_run.empty()) {
    text +=
        "<p class=\"note\">Steps are spaced evenly, as they are listed. Arrows read the values "
        "of a chart.</p>\n<div class=\"charts\">\n";
    for (std::size_t i = 0; i < evaluation.long_run.size(); ++i) {
      text += chart_place("long-run-" + std::to_string(i),
                          title_of(evaluation.long_run[i].name, evaluation.distance));
    }
    text += "</div>\n";
  }
  return text.empty() ? text : html_section("long-run", "A long chain", text);
}

std::string energies(const Evaluation& evaluation) {
  if (evaluation.energies.empty()) return {};
  std::string text = "<fieldset class=\"tools\" id=\"energies-sets\"><legend>Sets</legend>\n";
  for (std::size_t i = 0; i < evaluation.energies.size(); ++i) {
    text += "<label><input type=\"checkbox\" value=\"" + std::to_string(i) + "\"><span></span>" +
            html_escaped(evaluation.energies[i].name) + "</label>\n";
  }
  text +=
      "</fieldset>\n<p class=\"note\">Choose the sets to compare. Arrows read the values of the "
      "chart. The first bar and the last also hold what lies beyond them.</p>\n";
  return html_section("energies", "Energies", text + chart_place("energies-chart", "density"));
}

}  // namespace

std::string evaluation_sections(const Evaluation& evaluation) {
  if (evaluation.is_empty()) {
    return html_section(
        "evaluation", "Evaluation",
        "<p class=\"note\">There is none. <code>ebm eval RUN --data SPEC --out "
        "RUN/eval.json</code> makes one (with <code>--features FILE</code> for images "
        "of another shape than 1x28x28); then write this page again.</p>\n");
  }
  std::string text = long_run(evaluation) + energies(evaluation);
  std::string tables;
  for (const auto& figures : evaluation.tables) tables += html_figures(figures);
  if (!tables.empty()) text += html_section("evaluation", "Evaluation", tables);
  return text;
}

}  // namespace ebm::report
