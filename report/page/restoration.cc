#include "report/page/restoration.h"

#include <nlohmann/json.hpp>

#include "report/json_document.h"
#include "report/page/html_figures.h"
#include "report/page/html_text.h"
#include "report/page/json_reader.h"

namespace ebm::report {

bool is_restoration(const std::filesystem::path& path) {
  const std::string stem = path.stem().string();
  return stem == "restore" || stem.starts_with("restore-");
}

Restoration parse_restoration(std::string_view json, const std::filesystem::path& path) {
  JsonReader::Json document = parse_json_object(json, path);
  const JsonReader reader(path.string());
  Restoration restoration;
  restoration.name = path.stem().string();
  if (document.contains("columns")) {
    for (const auto& column : reader.require_array(document.at("columns"), "columns")) {
      if (!column.is_string()) reader.refuse("an entry of columns is no text");
      restoration.columns.push_back(column.get<std::string>());
    }
    document.erase("columns");
  }
  document.erase("warnings");
  restoration.tables = evaluation_tables(document);
  return restoration;
}

std::string restoration_sections(const std::vector<Restoration>& restorations) {
  std::string text;
  for (std::size_t i = 0; i < restorations.size(); ++i) {
    const Restoration& each = restorations[i];
    std::string columns;
    for (const std::string& column : each.columns) {
      columns += (columns.empty() ? "" : ", ") + html_escaped(column);
    }
    const std::string caption =
        columns.empty() ? "observed and restored images" : "from left to right: " + columns;
    std::string content;
    if (!each.picture_png.empty()) {
      content = "<figure class=\"restoration\"><figcaption>" + caption +
                "</figcaption>\n<img alt=\"Restored images, " + caption + "\" src=\"" +
                png_data_uri(each.picture_png) + "\"></figure>\n";
    }
    for (const FigureTable& figures : each.tables) content += html_figures(figures);
    text += html_section("restoration-" + std::to_string(i),
                         "Restoration <small>" + html_escaped(each.name) + "</small>", content);
  }
  return text;
}

}  // namespace ebm::report
