#include "report/page/figure_table.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "base/printed.h"

namespace ebm::report {
namespace {

using Json = nlohmann::ordered_json;
using Figures = std::vector<std::pair<std::string, std::string>>;

std::string value_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return figure_text(value.get<double>());
  if (value.is_null()) return "none";
  if (!value.is_array()) return value.dump();
  constexpr std::size_t kMaxShown = 12;
  if (value.size() > kMaxShown) return std::to_string(value.size()) + " values";
  std::string text;
  for (const Json& entry : value) text += (text.empty() ? "" : ", ") + value_text(entry);
  return text;
}

/// Every figure inside of `value`, with the path to it.
void flatten(const std::string& name, const Json& value, Figures& figures) {
  if (!value.is_object()) {
    figures.emplace_back(name, value_text(value));
    return;
  }
  for (const auto& [key, inner] : value.items()) {
    std::string path = name;
    if (!name.empty()) path += '.';
    flatten(path.append(key), inner, figures);
  }
}

/// One row per figure.
FigureTable table_of_figures(const std::string& title, const Json& object) {
  FigureTable table{.title = title, .columns = {"figure", "value"}};
  Figures figures;
  flatten("", object, figures);
  for (auto& [name, text] : figures) table.rows.push_back({std::move(name), std::move(text)});
  return table;
}

/// One row per object, one column per key. Where objects share so few keys that most cells would be
/// empty, one row per figure.
FigureTable table_of_objects(const std::string& title, const Json& objects) {
  FigureTable table{.title = title, .columns = {"name"}};
  std::vector<std::pair<std::string, Figures>> found;
  std::unordered_map<std::string, std::size_t> column_of;
  std::size_t n_figures = 0;
  for (const auto& [name, object] : objects.items()) {
    flatten("", object, found.emplace_back(name, Figures{}).second);
    for (const auto& [key, text] : found.back().second) {
      if (column_of.emplace(key, table.columns.size()).second) table.columns.push_back(key);
    }
    n_figures += found.back().second.size();
  }
  constexpr std::size_t kMaxCellsPerFigure = 8;
  const std::size_t few = kMaxCellsPerFigure * (n_figures + kMaxCellsPerFigure);
  if (found.size() * table.columns.size() > few) return table_of_figures(title, objects);
  for (auto& [name, figures] : found) {
    std::vector<std::string> row(table.columns.size());
    row[0] = std::move(name);
    for (auto& [key, text] : figures) row[column_of.at(key)] = std::move(text);
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string figure_text(double value) { return base::printed("%.6g", value); }

bool is_of_objects(const Json& value) {
  return value.is_object() && !value.empty() &&
         std::ranges::all_of(value, [](const Json& inner) { return inner.is_object(); });
}

std::vector<FigureTable> evaluation_tables(const Json& document) {
  Json own = Json::object();
  std::vector<FigureTable> tables(1);
  for (const auto& [name, value] : document.items()) {
    if (!value.is_object()) {
      own[name] = value;
    } else if (is_of_objects(value)) {
      tables.push_back(table_of_objects(name, value));
    } else {
      tables.push_back(table_of_figures(name, value));
    }
  }
  tables[0] = table_of_figures("", own);
  std::erase_if(tables, [](const FigureTable& table) { return table.rows.empty(); });
  return tables;
}

}  // namespace ebm::report
