#include "report/page/html_report.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "report/page/figure_names.h"
#include "report/page/figure_table.h"
#include "report/page/html_classifier.h"
#include "report/page/html_evaluation.h"
#include "report/page/html_figures.h"
#include "report/page/html_mode_map.h"
#include "report/page/html_text.h"
#include "report/page/page_data.h"
#include "report/page/page_files.h"
#include "report/progress.h"

namespace ebm::report {
namespace {

/// The value of a line `key = value` of a configuration, without quotes; empty if there is none.
std::string config_value(std::string_view config, std::string_view key) {
  while (!config.empty()) {
    const std::string_view line = config.substr(0, config.find('\n'));
    config.remove_prefix(std::min(config.size(), line.size() + 1));
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(" = ")) continue;
    std::string_view value = line.substr(key.size() + 3);
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\'')) {
      value = value.substr(1, value.size() - 2);
    }
    return std::string(value);
  }
  return {};
}

/// The last value of a column that is one; NaN if there is none.
double last_value(const MetricsTable::Column& column) {
  const auto found = std::ranges::find_if(column.values.rbegin(), column.values.rend(),
                                          [](double value) { return !std::isnan(value); });
  return found == column.values.rend() ? std::nan("") : *found;
}

std::string header(const RunRecord& run) {
  std::string text = "<header>\n<h1>" + html_escaped(run.name) + "</h1>\n<p>";
  for (const char* key : {"data", "net", "objective"}) {
    const std::string value = config_value(run.config, key);
    if (value.empty()) continue;
    text += std::string("<span>") + key + " <b>" + html_escaped(value) + "</b></span> ";
  }
  if (!run.metrics.iterations.empty()) {
    text += "<span>iterations <b>" + std::to_string(run.metrics.iterations.back()) + "</b></span> ";
  }
  if (const auto* seconds = run.metrics.find("seconds")) {
    const double value = last_value(*seconds);
    if (value >= 0) text += "<span>time <b>" + format_duration(value) + "</b></span> ";
  }
  return text + "</p>\n</header>\n";
}

/// A figure of the last row: its title, its value with the unit, its name and what is good.
std::string card(std::string_view key, double value) {
  const FigureName* known = find_figure_name(key);
  std::string text = "<div><dt>" + html_escaped(figure_title(key)) + "</dt><dd>" +
                     (std::isnan(value) ? "none" : figure_text(value));
  if (known != nullptr && !known->unit.empty() && !std::isnan(value)) {
    text += " <small class=\"unit\">" + html_escaped(known->unit) + "</small>";
  }
  text += "<small><code>" + html_escaped(key) + "</code>";
  if (known != nullptr && !known->good.empty()) text += " · " + html_escaped(known->good);
  return text + "</small></dd></div>\n";
}

/// What the Fréchet distance is of images whose quality is known, if an evaluation has it.
std::string distance_of_anchors(const Evaluation& evaluation) {
  const auto anchors = anchors_of(evaluation, "fd");
  if (anchors.empty()) return {};
  std::string text;
  for (const auto& [name, value] : anchors) {
    text += (text.empty() ? "" : ", ") + html_escaped(name) + " <b>" + html_escaped(value) + "</b>";
  }
  return "<p class=\"note\">The evaluation gives the Fréchet distance of " + text + ".</p>\n";
}

/// "3 Dress" of a label that has a name, else the label.
std::string class_head(const std::string& label, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (label == std::to_string(i)) return label + " " + names[i];
  }
  return label;
}

/// The last values of figures of each class: classes in rows.
std::string figures_of_classes(const MetricsTable& metrics,
                               const std::vector<std::string>& class_names) {
  FigureTable table{.title = "By class", .columns = {"class"}};
  std::vector<std::string> classes;
  for (const auto& column : metrics.columns) {
    const auto found = column_of_class(column.name);
    if (!found) continue;
    auto row = static_cast<std::size_t>(std::ranges::find(classes, found->klass) - classes.begin());
    auto place = static_cast<std::size_t>(std::ranges::find(table.columns, found->figure) -
                                          table.columns.begin());
    if (row == classes.size()) {
      classes.push_back(found->klass);
      table.rows.push_back({class_head(found->klass, class_names)});
    }
    if (place == table.columns.size()) table.columns.push_back(found->figure);
    table.rows[row].resize(std::max(table.rows[row].size(), place + 1));
    table.rows[row][place] = figure_text(last_value(column));
  }
  if (classes.empty()) return {};
  for (auto& row : table.rows) row.resize(table.columns.size());
  return html_figures(table);
}

std::string final_figures(const RunRecord& run) {
  const MetricsTable& metrics = run.metrics;
  if (metrics.iterations.empty()) {
    return html_section("final", "Final figures",
                        "<p class=\"note\">metrics.csv has no row yet.</p>\n");
  }
  std::string cards = "<dl class=\"cards\">\n";
  for (const auto& column : metrics.columns) {
    if (!column_of_class(column.name)) cards += card(column.name, last_value(column));
  }
  return html_section("final",
                      "Final figures <small>after iteration " +
                          std::to_string(metrics.iterations.back()) + "</small>",
                      cards + "</dl>\n" + figures_of_classes(metrics, run.class_names) +
                          distance_of_anchors(run.evaluation));
}

/// Empty places, which the script fills.
std::string curves(const MetricsTable& metrics) {
  const auto charts = charts_of(metrics);
  if (charts.empty()) return {};
  std::string text =
      "<div class=\"tools\" role=\"toolbar\" aria-label=\"Range of iterations\">\n"
      "<button data-zoom=\"in\">Zoom in</button><button data-zoom=\"out\">Zoom out</button>"
      "<button data-zoom=\"earlier\">Earlier</button><button data-zoom=\"later\">Later</button>"
      "<button data-zoom=\"all\">Whole run</button>\n"
      "<label>Smoothing <input type=\"range\" id=\"smoothing\" min=\"1\" max=\"50\" value=\"1\">"
      "</label>\n</div>\n"
      "<p class=\"note\">Drag over a chart to zoom into it, double-click for the whole run. On the "
      "keyboard: arrows read the values of a chart, + and − zoom, 0 shows the whole run.</p>\n"
      "<div class=\"charts\">\n";
  for (std::size_t i = 0; i < charts.size(); ++i) {
    const std::string number = std::to_string(i);
    std::string title = html_escaped(charts[i].title);
    const FigureName* known = find_figure_name(charts[i].columns[0]);
    if (known != nullptr && !known->good.empty()) {
      title += " <small>" + html_escaped(known->good) + "</small>";
    }
    text += "<figure><figcaption id=\"chart-" + number + "-title\">" + title +
            "</figcaption>\n<div class=\"chart\" id=\"chart-" + number +
            "\" tabindex=\"0\" role=\"application\" aria-labelledby=\"chart-" + number +
            "-title\" aria-describedby=\"chart-" + number + "-legend\"></div>\n" +
            "<p class=\"legend\" id=\"chart-" + number + "-legend\" aria-live=\"polite\"></p>" +
            "</figure>\n";
  }
  return html_section("curves", "Curves", text + "</div>\n");
}

/// A slider over training. @param unit  what it moves, for its label
std::string slider(const std::string& id, const std::string& unit) {
  return "<div class=\"slider\">\n<button id=\"" + id + "-play\" aria-pressed=\"false\">Play" +
         "</button>\n<input type=\"range\" id=\"" + id + "-slider\" min=\"0\" step=\"1\" " +
         "aria-label=\"Iteration of the " + unit + "\">\n<output id=\"" + id + "-iteration\" " +
         "for=\"" + id + "-slider\"></output>\n</div>\n";
}

std::string samples(const RunRecord& run) {
  if (run.samples.empty()) {
    return html_section("samples", "Samples over training",
                        "<p class=\"note\">The run has no pictures.</p>\n");
  }
  std::set<std::string> kinds;
  std::size_t n_shown = 0;
  for (const auto& each : run.samples) {
    for (const auto& [kind, png] : each.png_of) kinds.insert(kind);
    n_shown += each.png_of.size();
  }
  std::string text = slider("samples", "samples") + "<div class=\"pictures\">\n";
  for (const auto& kind : kinds) {
    const std::string name = html_escaped(kind);
    text += "<figure><figcaption>from " + name + "</figcaption>\n<img data-kind=\"" + name +
            "\" alt=\"Samples from " + name + "\"></figure>\n";
  }
  text += "</div>\n";
  if (static_cast<std::int64_t>(n_shown) < run.n_pictures) {
    text += "<p class=\"note\">" + std::to_string(n_shown) + " of " +
            std::to_string(run.n_pictures) +
            " pictures, evenly chosen; the others are in samples/.</p>\n";
  }
  return html_section("samples", "Samples over training", text);
}

std::string histograms(const RunRecord& run) {
  const bool any =
      std::ranges::any_of(run.histograms, [](const auto& each) { return !each.second.empty(); });
  if (!any) return {};
  return html_section("histograms", "Energies of a batch",
                      slider("histograms", "histograms") +
                          "<figure><figcaption>density of energies"
                          "</figcaption>\n<div class=\"chart\" id=\"histogram\" tabindex=\"0\" "
                          "role=\"application\" aria-describedby=\"histogram-legend\">"
                          "</div>\n<p class=\"legend\" "
                          "id=\"histogram-legend\"></p></figure>\n");
}

/// No request, and of scripts only those that the program brings along, by their hashes: a script
/// that a file brought into the page would not run.
std::string content_security_policy() {
  return "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
         "style-src 'unsafe-inline'; script-src " +
         csp_hash(dygraphs_script().sha256) + " " + csp_hash(page_script().sha256);
}

std::string licences() {
  return "<footer><details><summary>Licences</summary>\n<p>Made by ebm (Apache licence 2.0). The "
         "charts are drawn by dygraphs:</p>\n<pre>" +
         html_escaped(dygraphs_licence().text) + "</pre>\n</details></footer>\n";
}

}  // namespace

std::string html_report(const RunRecord& run) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"" +
      content_security_policy() +
      "\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>" +
      html_escaped(run.name) + " – ebm report</title>\n<style>\n";
  page.append(dygraphs_style().text)
      .append(page_style().text)
      .append("</style>\n</head>\n<body>\n");
  page += header(run) + "<main>\n";
  page += final_figures(run) + samples(run) + curves(run.metrics) + histograms(run);
  page += evaluation_sections(run.evaluation) + classifier_section(run.classifier) +
          restoration_sections(run.restorations) + mode_map_section(run.modes);
  page += html_section("configuration", "Configuration and versions",
                       "<pre tabindex=\"0\">" + html_escaped(run.config) + "</pre>\n");
  page += "</main>\n" + licences();
  page += "<script type=\"application/json\" id=\"run-data\">" + json_for_script(page_data(run)) +
          "</script>\n";
  // Nothing but the script itself between the tags: its hash has to be right.
  for (const EmbeddedFile& script : {dygraphs_script(), page_script()}) {
    page.append("<script>").append(script.text).append("</script>\n");
  }
  return page + "</body>\n</html>\n";
}

}  // namespace ebm::report
