#include "report/page/html_figures.h"

#include <cstddef>
#include <string_view>

#include "report/page/figure_names.h"
#include "report/page/html_text.h"

namespace ebm::report {
namespace {

/// The name of a figure: its title and below it its key, its unit and what is good. One that is not
/// known is called as in the file.
/// @param of  title of its table
std::string figure_cell(const std::string& of, const std::string& key) {
  const std::size_t dot = key.find_last_of('.');
  const FigureName* known = find_figure_name(of + "." + key);
  if (known == nullptr) known = find_figure_name(key);
  std::string title;
  if (known != nullptr) {
    title = known->title;
  } else if (dot != std::string::npos && (known = find_figure_name(key.substr(dot + 1)))) {
    title = std::string(known->title) + " (" + key.substr(0, dot) + ")";
  } else {
    return html_escaped(key);
  }
  std::string text = html_escaped(title) + "<small><code>" + html_escaped(key) + "</code>";
  for (const std::string_view more : {known->unit, known->good}) {
    if (!more.empty()) text += " · " + html_escaped(more);
  }
  return text + "</small>";
}

}  // namespace

std::string html_figures(const FigureTable& figures) {
  const bool of_figures = figures.columns[0] == "figure";
  const bool of_samples = figures.title.starts_with("samples");
  std::string text = of_figures ? "<div class=\"wide\"><table class=\"figures\">\n"
                                : "<div class=\"wide\"><table>\n";
  if (!figures.title.empty()) {
    text += "<caption>" + html_escaped(set_title(figures.title)) + "</caption>\n";
  }
  text += "<thead><tr>";
  for (std::size_t i = 0; i < figures.columns.size(); ++i) {
    const std::string& column = figures.columns[i];
    text += "<th scope=\"col\">" +
            (i == 0 || of_figures ? html_escaped(column) : figure_cell(figures.title, column)) +
            "</th>";
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : figures.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) {
        text += "<td>" + html_escaped(row[i]) + "</td>";
      } else {
        text += "<th scope=\"row\">" +
                (of_figures ? figure_cell(figures.title, row[i])
                            : html_escaped(of_samples ? set_title(row[i]) : row[i])) +
                "</th>";
      }
    }
    text += "</tr>\n";
  }
  text += "</tbody>\n</table></div>\n";
  if (!of_samples) return text;
  return text +
         "<p class=\"note\">Draws of the data's own distribution have density 1, 1-NN accuracy 0.5 "
         "and KID 0. The Fréchet distance of test images is the least to be expected; all "
         "distances "
         "depend on n.</p>\n";
}

}  // namespace ebm::report
