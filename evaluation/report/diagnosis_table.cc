#include "evaluation/report/diagnosis_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "base/printed.h"
#include "base/text_table.h"

namespace ebm::evaluation {
namespace {

using samplers::Diagnosis;
using samplers::ScalarSummary;
using Line = std::vector<std::string>;

/// `digits` significant digits, without an exponent for numbers of common size.
std::string significant(double value, int digits) {
  char text[64];
  if (!std::isfinite(value) || value == 0.0) return base::printed("%g", value);
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

std::string counters_line(const Diagnosis& diagnosis) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (const auto least = diagnosis.least_e_bfmi()) add("E-BFMI " + significant(*least, 3));
  if (const auto mean = diagnosis.mean_acceptance()) add("acceptance " + significant(*mean, 3));
  if (const auto n = diagnosis.total_divergent()) add(std::to_string(*n) + " divergent steps");
  return text.empty() ? text : text + "\n";
}

}  // namespace

RowSelection select_rows(const Diagnosis& diagnosis, const ShownRows& shown) {
  const std::vector<ScalarSummary>& rows = diagnosis.rows;
  RowSelection out{.rows = std::vector<std::size_t>(rows.size()),
                   .n_first = std::min(rows.size(), shown.n_first)};
  std::iota(out.rows.begin(), out.rows.end(), 0);
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

std::string diagnosis_table(const Diagnosis& diagnosis, const ShownRows& shown) {
  const RowSelection selection = select_rows(diagnosis, shown);
  const bool timed = diagnosis.seconds.has_value();
  std::vector<Line> cells_of_lines{header(timed)};
  for (const std::size_t i : selection.rows) {
    cells_of_lines.push_back(cells(diagnosis.rows[i], timed));
  }
  const std::vector<std::string> lines = base::table_lines(cells_of_lines);

  std::string text = std::to_string(diagnosis.n_chains) + " chains x " +
                     std::to_string(diagnosis.n_draws) + " draws";
  if (timed) text += " in " + significant(*diagnosis.seconds, 3) + " s";
  text += "\n\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == selection.n_first + 1) {
      text += "largest R_hat of the other " +
              std::to_string(diagnosis.rows.size() - selection.n_first) + ":\n";
    }
    text += lines[i] + "\n";
  }
  if (selection.n_left_out > 0) {
    text += std::to_string(selection.n_left_out) + " more rows are left out\n";
  }
  text += "\n" + counters_line(diagnosis);
  for (const std::string& warning : diagnosis.warnings) text += "warning: " + warning + "\n";
  if (diagnosis.warnings.empty()) text += "no warnings\n";
  return text;
}

}  // namespace ebm::evaluation
