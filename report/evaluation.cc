#include "report/evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "report/json_document.h"

namespace ebm::report {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<double>;

/// More of them no page can show, and it would become large.
constexpr std::size_t kMostValues = 500;
constexpr std::size_t kMostSets = 30;
/// Beyond this, differences and squares of numbers overflow in a browser.
constexpr double kLargest = 1e100;

/// Reads entries of one document, and names them in messages.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::kBadData, path_ + ": " + what);
  }

  /// The object under a key, taken out of its parent; an empty one if there is none.
  Json take_object(Json& parent, const std::string& key) const {
    const auto found = parent.find(key);
    if (found == parent.end()) return Json::object();
    Json object = require_object(std::move(*found), key);
    parent.erase(key);
    return object;
  }

  Json require_object(Json value, const std::string& name) const {
    if (!value.is_object()) refuse_type(name, value, "an object");
    return value;
  }

  /// The numbers of an array, taken out of its parent; none if there is no such array.
  /// @param may_be_null  NaN then
  Values take_numbers(Json& parent, const std::string& key, const std::string& name,
                      bool may_be_null = false) const {
    const auto found = parent.find(key);
    if (found == parent.end()) return {};
    if (!found->is_array()) refuse_type(name, *found, "an array of numbers");
    if (found->size() > kMostValues) {
      refuse(name + " has " + std::to_string(found->size()) + " values, expected at most " +
             std::to_string(kMostValues));
    }
    Values values;
    for (const Json& entry : *found) {
      if (may_be_null && entry.is_null()) {
        values.push_back(std::numeric_limits<double>::quiet_NaN());
        continue;
      }
      if (!entry.is_number()) refuse_type("an entry of " + name, entry, "a number");
      values.push_back(entry.get<double>());
      if (std::abs(values.back()) > kLargest) {
        refuse("an entry of " + name + " is " + entry.dump() + ", expected at most 1e100");
      }
    }
    parent.erase(key);
    return values;
  }

  void require_rising(const Values& values, const std::string& name) const {
    if (std::ranges::adjacent_find(values, std::greater_equal<>()) != values.end()) {
      refuse(name + " do not rise from one to the next");
    }
  }

  void require_size(const Values& values, const std::string& name, std::size_t size,
                    const std::string& of) const {
    if (values.size() == size) return;
    refuse(name + " has " + std::to_string(values.size()) + " values, expected " +
           std::to_string(size) + ", " + of);
  }

 private:
  [[noreturn]] void refuse_type(const std::string& name, const Json& found,
                                const char* expected) const {
    refuse(name + " is of type " + found.type_name() + ", expected " + expected);
  }

  std::string path_;
};

/// What is left of an object stays a figure of the document.
void put_back(Json& document, const std::string& key, Json rest) {
  if (!rest.empty()) document[key] = std::move(rest);
}

void take_long_run(const Reader& reader, Json& document, Evaluation& evaluation) {
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

void take_energies(const Reader& reader, Json& document, Evaluation& evaluation) {
  Json sets = reader.take_object(document, "energies");
  if (sets.size() > kMostSets) {
    reader.refuse("energies has " + std::to_string(sets.size()) + " sets, expected at most " +
                  std::to_string(kMostSets));
  }
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

}  // namespace

Evaluation parse_evaluation(std::string_view json, const std::filesystem::path& path) {
  Json document = parse_json_object(json, path);
  const Reader reader(path.string());
  Evaluation evaluation;
  take_long_run(reader, document, evaluation);
  take_energies(reader, document, evaluation);
  Json film = reader.take_object(document, "film");
  evaluation.film_steps = reader.take_numbers(film, "steps", "film.steps");
  put_back(document, "film", std::move(film));
  evaluation.tables = evaluation_tables(document);
  return evaluation;
}

}  // namespace ebm::report
