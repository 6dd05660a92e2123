#include "app/sample/diagnostics_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

namespace ebm::app {
namespace {

using samplers::Diagnosis;
using samplers::ScalarSummary;
using Line = std::vector<std::string>;

/// Indices of the rows shown: n_first ones from the top, then those with the largest R-hat.
struct Selection {
  std::vector<std::size_t> rows;
  std::size_t n_first;
  std::size_t n_left_out;
};

Selection select(const std::vector<ScalarSummary>& rows, const ShownRows& shown) {
  Selection out{.rows = std::vector<std::size_t>(rows.size()),
                .n_first = std::min(rows.size(), shown.n_first),
                .n_left_out = 0};
  for (std::size_t i = 0; i < rows.size(); ++i) out.rows[i] = i;
  if (rows.size() <= shown.n_first + shown.n_worst) {
    out.n_first = rows.size();
    return out;
  }
  // A NaN is no R-hat to compare: last.
  const auto rank = [&](std::size_t i) { return std::isnan(rows[i].rhat) ? -1.0 : rows[i].rhat; };
  std::stable_sort(out.rows.begin() + static_cast<std::ptrdiff_t>(out.n_first), out.rows.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) > rank(b); });
  out.rows.resize(shown.n_first + shown.n_worst);
  out.n_left_out = rows.size() - out.rows.size();
  return out;
}

/// `digits` significant digits, without an exponent for numbers of common size.
std::string significant(double value, int digits) {
  char text[64];
  if (!std::isfinite(value) || value == 0.0) {
    std::snprintf(text, sizeof text, "%g", std::isnan(value) ? std::fabs(value) : value);
    return text;
  }
  // The exponent after rounding: 0.9999 is 1.00.
  std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
  const int exponent = std::stoi(std::string(text).substr(std::string(text).find('e') + 1));
  if (exponent >= -4 && exponent < 7) {
    std::snprintf(text, sizeof text, "%.*f", std::max(0, digits - 1 - exponent), value);
  }
  return text;
}

/// Three decimals, for numbers about 1.
std::string decimals(double value) {
  if (!(std::fabs(value) < 1e4)) return significant(value, 3);
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

Line header(bool timed) {
  Line line{"", "Mean", "MCSE", "StdDev", "5%", "50%", "95%", "ESS_bulk", "ESS_tail"};
  if (timed) line.emplace_back("ESS_bulk/s");
  line.insert(line.end(), {"R_hat", "lag_1"});
  return line;
}

Line cells(const ScalarSummary& row, bool timed) {
  Line line{row.name};
  for (const double value :
       {row.mean, row.mcse_mean, row.sd, row.q5, row.q50, row.q95, row.ess_bulk, row.ess_tail}) {
    line.push_back(significant(value, 3));
  }
  if (timed) line.push_back(significant(row.ess_bulk_per_s.value_or(std::nan("")), 3));
  line.push_back(decimals(row.rhat));
  line.push_back(decimals(row.lag1));
  return line;
}

std::string joined(const Line& line, const std::vector<std::size_t>& widths) {
  std::string text = line[0] + std::string(widths[0] - line[0].size(), ' ');
  for (std::size_t i = 1; i < line.size(); ++i) {
    text += std::string(2 + widths[i] - line[i].size(), ' ') + line[i];
  }
  return text + "\n";
}

std::string counters_line(const Diagnosis& diagnosis) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (const auto least = diagnosis.least_e_bfmi()) add("E-BFMI " + significant(*least, 3));
  if (const auto mean = diagnosis.mean_acceptance()) add("acceptance " + significant(*mean, 3));
  if (const auto n = diagnosis.total_divergent()) add(std::to_string(*n) + " divergent steps");
  return text.empty() ? text : text + "\n";
}

}  // namespace

std::string diagnostics_table(const Diagnosis& diagnosis, const ShownRows& shown) {
  const Selection selection = select(diagnosis.rows, shown);
  const bool timed = diagnosis.seconds.has_value();
  std::vector<Line> lines{header(timed)};
  for (const std::size_t i : selection.rows) lines.push_back(cells(diagnosis.rows[i], timed));
  std::vector<std::size_t> widths(lines[0].size());
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }

  std::string text = std::to_string(diagnosis.n_chains) + " chains x " +
                     std::to_string(diagnosis.n_draws) + " draws";
  if (timed) text += " in " + significant(*diagnosis.seconds, 3) + " s";
  text += "\n\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == selection.n_first + 1) {
      text += "largest R_hat of the other " +
              std::to_string(diagnosis.rows.size() - selection.n_first) + ":\n";
    }
    text += joined(lines[i], widths);
  }
  if (selection.n_left_out > 0) {
    text += std::to_string(selection.n_left_out) + " more rows are left out\n";
  }
  text += "\n" + counters_line(diagnosis);
  for (const std::string& warning : diagnosis.warnings) text += "warning: " + warning + "\n";
  if (diagnosis.warnings.empty()) text += "no warnings\n";
  return text;
}

nlohmann::json diagnostics_json(const Diagnosis& diagnosis, const ShownRows& shown) {
  const Selection selection = select(diagnosis.rows, shown);
  nlohmann::json rows = nlohmann::json::array();
  for (const std::size_t i : selection.rows) {
    const ScalarSummary& row = diagnosis.rows[i];
    rows.push_back({{"name", row.name},
                    {"mean", row.mean},
                    {"mcse", row.mcse_mean},
                    {"sd", row.sd},
                    {"q5", row.q5},
                    {"q50", row.q50},
                    {"q95", row.q95},
                    {"ess_bulk", row.ess_bulk},
                    {"ess_tail", row.ess_tail},
                    {"rhat", row.rhat},
                    {"lag1", row.lag1}});
    if (row.ess_bulk_per_s) rows.back()["ess_bulk_per_s"] = *row.ess_bulk_per_s;
  }
  nlohmann::json document{{"n_chains", diagnosis.n_chains},
                          {"n_draws", diagnosis.n_draws},
                          {"rows", rows},
                          {"rows_left_out", selection.n_left_out},
                          {"warnings", diagnosis.warnings}};
  if (diagnosis.seconds) document["seconds"] = *diagnosis.seconds;
  if (const auto least = diagnosis.least_e_bfmi()) document["e_bfmi"] = *least;
  if (const auto mean = diagnosis.mean_acceptance()) document["acceptance"] = *mean;
  if (const auto n = diagnosis.total_divergent()) document["divergent"] = *n;
  return document;
}

}  // namespace ebm::app
