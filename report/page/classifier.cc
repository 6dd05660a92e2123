#include "report/page/classifier.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "report/json_document.h"
#include "report/page/json_reader.h"

namespace ebm::report {
namespace {

using Document = JsonReader::Json;

std::vector<std::string> class_names_of(const JsonReader& reader, const Document& document) {
  std::vector<std::string> names;
  if (!document.contains("classes")) reader.refuse("classes is missing");
  for (const Document& name : reader.require_array(document.at("classes"), "classes")) {
    if (!name.is_string()) reader.refuse("an entry of classes is no text");
    names.push_back(name.get<std::string>());
  }
  if (names.empty()) reader.refuse("classes is empty");
  return names;
}

std::vector<double> confusion_of(const JsonReader& reader, const Document& document,
                                 std::size_t n_classes) {
  if (!document.contains("confusion")) reader.refuse("confusion is missing");
  std::vector<double> counts;
  const Document& rows = reader.require_array(document.at("confusion"), "confusion");
  if (rows.size() != n_classes) reader.refuse("confusion has not as many rows as classes");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = "confusion[" + std::to_string(i) + "]";
    const Document& row = reader.require_array(rows[i], name);
    if (row.size() != n_classes) reader.refuse(name + " has not as many counts as classes");
    for (const Document& count : row) {
      counts.push_back(reader.require_number(count, name));
      if (counts.back() < 0.0) reader.refuse(name + " has a negative count");
    }
  }
  return counts;
}

std::vector<ClassifierResult::Bin> bins_of(const JsonReader& reader, const Document& document) {
  std::vector<ClassifierResult::Bin> bins;
  if (!document.contains("calibration")) return bins;
  const Document& all = reader.require_array(document.at("calibration"), "calibration");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = "calibration[" + std::to_string(i) + "]";
    const Document bin = reader.require_object(all[i], name);
    const auto share = [&](const char* key) {
      const double value = reader.number_at(bin, key, name + "." + key);
      if (value < 0.0 || value > 1.0) reader.refuse(name + "." + key + " is not from 0 to 1");
      return value;
    };
    bins.push_back({.n = reader.number_at(bin, "n", name + ".n"),
                    .confidence = share("confidence"),
                    .accuracy = share("accuracy")});
  }
  return bins;
}

}  // namespace

ClassifierResult parse_classifier(std::string_view json, const std::filesystem::path& path) {
  Document document = parse_json_object(json, path);
  const JsonReader reader(path.string());
  ClassifierResult result;
  result.classes = class_names_of(reader, document);
  if (result.classes.size() <= ClassifierResult::kMaxShown) {
    result.confusion = confusion_of(reader, document, result.classes.size());
  }
  result.calibration = bins_of(reader, document);
  Document rest = Document::object();
  for (auto& [key, value] : document.items()) {
    const bool is_shown =
        key == "classes" || key == "confusion" || key == "calibration" || key == "warnings";
    // Elsewhere "data" are those of training.
    if (!is_shown) rest[key == "data" ? "test" : key] = std::move(value);
  }
  result.tables = evaluation_tables(rest);
  return result;
}

}  // namespace ebm::report
