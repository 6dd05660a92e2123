#include "report/bench_comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/printed.h"
#include "base/quote.h"
#include "base/text_table.h"
#include "report/json_document.h"

namespace ebm::report {
namespace {

using Json = nlohmann::ordered_json;
using What = std::vector<std::pair<std::string, std::string>>;

/// A row of a file.
struct MeasuredRow {
  What what;
  double rate, sd, peak;
  bool is_matched = false;
};

struct MeasuredFile {
  std::string machine;
  std::vector<MeasuredRow> rows;
};

constexpr std::array<const char*, 9> kWhat = {"net",   "energy",  "dim",     "sampler",  "chains",
                                              "steps", "threads", "backend", "precision"};

bool is_count(std::string_view key) {
  return key == "dim" || key == "chains" || key == "steps" || key == "threads";
}

class FileReader {
 public:
  FileReader(std::string_view text, const std::filesystem::path& path)
      : path_(path), document_(parse_json_object(text, path)) {}

  MeasuredFile read() const {
    const Json& machine = member(document_, "machine", "the document");
    const Json& rows = member(document_, "rows", "the document");
    if (!rows.is_array()) refuse("its rows are no array");
    MeasuredFile file{.machine = machine_text(machine), .rows = {}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      file.rows.push_back(row_of(rows[i], "rows[" + std::to_string(i) + "]"));
    }
    return file;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::kBadData,
                path_.string() + ": " + what + "; expected what ebm bench --out FILE.json writes");
  }

  const Json& member(const Json& of, const char* key, const std::string& name) const {
    if (!of.is_object() || !of.contains(key)) refuse(name + " has no " + key);
    return of[key];
  }

  static std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  }

  std::string machine_text(const Json& machine) const {
    const auto text = [&](const char* key) { return text_of(member(machine, key, "machine")); };
    std::string all = text("cpu");
    all += ", " + text("cores") + " cores";
    all += ", " + text("simd");
    return all + ", ebm " + text("version");
  }

  double positive(const Json& row, const char* key, const std::string& name) const {
    const Json& value = member(row, key, name);
    const double number = value.is_number() ? value.get<double>() : 0.0;
    if (!(number > 0.0) || !std::isfinite(number)) {
      refuse(name + "." + key + " is no positive number");
    }
    return number;
  }

  MeasuredRow row_of(const Json& row, const std::string& name) const {
    MeasuredRow found{
        .what = {}, .rate = positive(row, "chain_steps_per_s", name), .sd = 0, .peak = 0};
    const bool is_net = row.contains("net");
    for (const char* key : kWhat) {
      if (row.contains(key)) {
        if (is_count(key) && !row[key].is_number_integer()) {
          refuse(name + "." + key + " is no whole number");
        }
        found.what.emplace_back(key, text_of(row[key]));
      } else if (std::string_view(key) == "precision" && is_net) {
        found.what.emplace_back(key, "f32");
      }
    }
    const auto optional = [&](const char* key) {
      return row.contains(key) && row[key].is_number() ? row[key].get<double>() : 0.0;
    };
    found.sd = optional("chain_steps_per_s_sd");
    found.peak = optional("peak_fraction");
    return found;
  }

  std::filesystem::path path_;
  Json document_;
};

/// "uva, langevin, compiled, bf16"
std::string name_of(const What& what) {
  std::string name;
  for (const auto& [key, value] : what) {
    if (is_count(key)) continue;
    name += (name.empty() ? "" : ", ") + value;
  }
  return name;
}

std::string value_of(const What& what, std::string_view key) {
  for (const auto& [name, value] : what) {
    if (name == key) return value;
  }
  return "";
}

}  // namespace

BenchComparison compare_benches(std::string_view first, const std::filesystem::path& first_path,
                                std::string_view second, const std::filesystem::path& second_path) {
  const MeasuredFile a = FileReader(first, first_path).read();
  MeasuredFile b = FileReader(second, second_path).read();
  BenchComparison found{.first_machine = a.machine, .second_machine = b.machine, .rows = {}};
  for (const MeasuredRow& row : a.rows) {
    const auto other = std::find_if(b.rows.begin(), b.rows.end(), [&](const MeasuredRow& each) {
      return !each.is_matched && each.what == row.what;
    });
    if (other == b.rows.end()) {
      ++found.only_in_first;
      continue;
    }
    other->is_matched = true;
    const double ratio = other->rate / row.rate;
    found.rows.push_back(
        {.what = row.what,
         .first = row.rate,
         .second = other->rate,
         .ratio = ratio,
         .ratio_sd = ratio * std::hypot(row.sd / row.rate, other->sd / other->rate),
         .first_peak = row.peak,
         .second_peak = other->peak});
  }
  found.only_in_second = b.rows.size() - found.rows.size();
  if (found.rows.empty()) {
    throw Error(ErrorCode::kBadData, second_path.string() + ": has none of the rows of " +
                                         first_path.string() +
                                         ": run the same nets, chains, steps and threads");
  }
  return found;
}

std::string comparison_text(const BenchComparison& comparison) {
  std::vector<std::vector<std::string>> cells{{"what", "chains", "steps", "threads",
                                               "A chain-steps/s", "B chain-steps/s", "B / A", "sd",
                                               "A of peak", "B of peak"}};
  const auto percent = [](double fraction) {
    return fraction > 0.0 ? base::printed("%.0f%%", 100.0 * fraction) : std::string();
  };
  for (const ComparedRow& row : comparison.rows) {
    cells.push_back({name_of(row.what), value_of(row.what, "chains"), value_of(row.what, "steps"),
                     value_of(row.what, "threads"), base::printed("%.3g", row.first),
                     base::printed("%.3g", row.second), base::printed("%.3f", row.ratio),
                     base::printed("%.3f", row.ratio_sd), percent(row.first_peak),
                     percent(row.second_peak)});
  }
  std::string text = "A  " + base::one_line(comparison.first_machine) + "\nB  " +
                     base::one_line(comparison.second_machine) + "\n\n" + base::text_table(cells);
  if (comparison.only_in_first + comparison.only_in_second > 0) {
    text += "rows only in A: " + std::to_string(comparison.only_in_first) +
            "; only in B: " + std::to_string(comparison.only_in_second) + "\n";
  }
  return text;
}

nlohmann::ordered_json comparison_json(const BenchComparison& comparison) {
  Json rows = Json::array();
  for (const ComparedRow& row : comparison.rows) {
    Json each = Json::object();
    for (const auto& [key, value] : row.what) {
      each[key] = is_count(key) ? Json::parse(value) : Json(value);
    }
    each["a_chain_steps_per_s"] = row.first;
    each["b_chain_steps_per_s"] = row.second;
    each["ratio"] = row.ratio;
    each["ratio_sd"] = row.ratio_sd;
    rows.push_back(std::move(each));
  }
  return {{"a", comparison.first_machine},
          {"b", comparison.second_machine},
          {"rows", std::move(rows)},
          {"only_in_a", comparison.only_in_first},
          {"only_in_b", comparison.only_in_second}};
}

}  // namespace ebm::report
