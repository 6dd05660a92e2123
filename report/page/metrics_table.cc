#include "report/page/metrics_table.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::report {
namespace {

/// More figures no page can show.
constexpr std::ptrdiff_t kMaxColumns = 1000;
/// What can be done about a row.
const std::string kRowAdvice = "; take this line out, or mend it";

/// Removes the next entry of a line, and its comma, from `rest`.
std::string_view next_entry(std::string_view& rest) {
  const std::size_t comma = rest.find(',');
  const std::string_view entry = rest.substr(0, comma);
  rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  return entry;
}

bool parse(std::string_view text, auto& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

void read_header(std::string_view line, const std::filesystem::path& path, MetricsTable& table) {
  const auto n = std::ranges::count(line, ',');
  if (n > kMaxColumns) {
    throw Error(ErrorCode::kBadData, path.string() + ": " + std::to_string(n) +
                                         " figures, expected at most " +
                                         std::to_string(kMaxColumns));
  }
  if (next_entry(line) != "iteration") {
    throw Error(ErrorCode::kBadData,
                path.string() + ": the first column is not 'iteration'; expected the file that " +
                    "training wrote");
  }
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const std::string name(next_entry(line));
    if (name.empty() || name == "iteration" || table.find(name) != nullptr) {
      throw Error(ErrorCode::kBadData, path.string() + ": the column " + base::quote(name, '\'') +
                                           " " + (name.empty() ? "has no name" : "is there twice"));
    }
    table.columns.push_back({name, {}});
  }
}

void read_row(std::string_view line, const std::string& place, MetricsTable& table) {
  const std::size_t n = static_cast<std::size_t>(std::ranges::count(line, ',')) + 1;
  if (n != table.columns.size() + 1) {
    throw Error(ErrorCode::kBadData, place + ": " + std::to_string(n) +
                                         (n == 1 ? " value" : " values") + ", expected " +
                                         std::to_string(table.columns.size() + 1) + kRowAdvice);
  }
  std::int64_t iteration = 0;
  const std::string_view first = next_entry(line);
  if (!parse(first, iteration) ||
      (!table.iterations.empty() && iteration <= table.iterations.back())) {
    throw Error(ErrorCode::kBadData, place + ": found " + base::quote(first, '\'') +
                                         ", expected an iteration beyond the one before" +
                                         kRowAdvice);
  }
  table.iterations.push_back(iteration);
  for (MetricsTable::Column& column : table.columns) {
    const std::string_view entry = next_entry(line);
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!entry.empty() && !parse(entry, value)) {
      throw Error(ErrorCode::kBadData, place + ": " + column.name + " is " +
                                           base::quote(entry, '\'') + ", expected a number" +
                                           kRowAdvice);
    }
    column.values.push_back(value);
  }
}

}  // namespace

const MetricsTable::Column* MetricsTable::find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

MetricsTable read_metrics(std::string_view text, const std::filesystem::path& path) {
  MetricsTable table;
  std::int64_t line_number = 0;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte-order mark of UTF-8
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos;) {
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++line_number == 1) {
      read_header(line, path, table);
    } else {
      read_row(line, path.string() + ":" + std::to_string(line_number), table);
    }
    text.remove_prefix(end + 1);
  }
  if (line_number == 0) {
    throw Error(ErrorCode::kBadData, path.string() +
                                         ": has no line of column names; expected the file that " +
                                         "training wrote");
  }
  return table;
}

}  // namespace ebm::report
