#include "report/page/evaluation.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/quote.h"
#include "report/json_document.h"
#include "report/page/figure_names.h"
#include "report/page/json_reader.h"

namespace ebm::report {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<double>;

/// The table of both, and what the names of the anchors begin with in it.
constexpr const char* kSamplesAndAnchors = "samples and anchors";
const std::string kAnchor = "anchor: ";

/// What is left of an object stays a figure of the document.
void put_back(Json& document, const std::string& key, Json rest) {
  if (!rest.empty()) document[key] = std::move(rest);
}

void take_long_run(const JsonReader& reader, Json& document, Evaluation& evaluation) {
  Json run = reader.take_object(document, "long_run");
  evaluation.long_run_steps = reader.take_numbers(run, "steps", "long_run.steps");
  reader.require_rising(evaluation.long_run_steps, "long_run.steps");
  for (const char* key : {"fd", "energy", "saturation"}) {
    const std::string name = std::string("long_run.") + key;
    if (!run.contains(key)) continue;
    Values values = reader.take_numbers(run, key, name, /*may_be_null=*/true);
    reader.require_size(values, name, evaluation.long_run_steps.size(), "as many as steps");
    const bool any = std::ranges::any_of(values, [](double value) { return !std::isnan(value); });
    if (any) evaluation.long_run.push_back({key, std::move(values)});
  }
  put_back(document, "long_run", std::move(run));
}

void take_energies(const JsonReader& reader, Json& document, Evaluation& evaluation) {
  Json sets = reader.take_object(document, "energies");
  Json rest = Json::object();
  for (auto& [key, inner] : sets.items()) {
    const std::string name = "energies." + base::quote(key);
    Json set = reader.require_object(std::move(inner), name);
    if (!set.contains("edges") && !set.contains("counts")) {
      put_back(rest, key, std::move(set));
      continue;
    }
    Values edges = reader.take_numbers(set, "edges", name + ".edges");
    Values counts = reader.take_numbers(set, "counts", name + ".counts");
    reader.require_size(edges, name + ".edges", counts.size() + 1, "one more than counts");
    reader.require_rising(edges, name + ".edges");
    if (std::ranges::any_of(counts, [](double count) { return count < 0.0; })) {
      reader.refuse(name + ".counts has a negative one");
    }
    put_back(rest, key, std::move(set));
    const bool any = std::ranges::any_of(counts, [](double count) { return count > 0.0; });
    if (any) evaluation.energies.push_back({key, std::move(edges), std::move(counts)});
  }
  put_back(document, "energies", std::move(rest));
}

/// Samples say little without their anchors: rows of one table.
Json with_anchors_beside_samples(Json document) {
  for (const char* key : {"samples", "anchors"}) {
    if (!document.contains(key) || !is_of_objects(document[key])) return document;
  }
  Json joined = Json::object();
  for (auto& [key, value] : document.items()) {
    if (key == "anchors") continue;
    if (key != "samples") {
      joined[key] = std::move(value);
      continue;
    }
    Json& rows = joined[kSamplesAndAnchors] = std::move(value);
    for (auto& [name, anchor] : document["anchors"].items()) {
      rows[kAnchor + name] = std::move(anchor);
    }
  }
  return joined;
}

}  // namespace

Evaluation parse_evaluation(std::string_view json, const std::filesystem::path& path) {
  Json document = parse_json_object(json, path);
  const JsonReader reader(path.string());
  Evaluation evaluation;
  take_long_run(reader, document, evaluation);
  take_energies(reader, document, evaluation);
  evaluation.names_film = document.contains("film");
  Json film = reader.take_object(document, "film");
  evaluation.film_steps = reader.take_numbers(film, "steps", "film.steps");
  put_back(document, "film", std::move(film));
  if (document.contains("features") && document["features"].is_object()) {
    const auto name = document["features"].find("name");
    if (name != document["features"].end() && name->is_string()) evaluation.distance = *name;
  }
  evaluation.tables = evaluation_tables(with_anchors_beside_samples(std::move(document)));
  return evaluation;
}

std::vector<std::pair<std::string, std::string>> anchors_of(const Evaluation& evaluation,
                                                            std::string_view figure) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const FigureTable& table : evaluation.tables) {
    const auto column = std::ranges::find(table.columns, figure);
    if (table.title != kSamplesAndAnchors || column == table.columns.end()) continue;
    for (const auto& row : table.rows) {
      const std::string& value = row[static_cast<std::size_t>(column - table.columns.begin())];
      if (!row[0].starts_with(kAnchor) || value.empty()) continue;
      found.emplace_back(set_title(row[0]).substr(kAnchor.size()), value);
    }
  }
  return found;
}

}  // namespace ebm::report
