#include "report/metrics_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "base/atomic_file.h"
#include "base/error.h"

namespace ebm::report {
namespace fs = std::filesystem;
namespace {

std::string header_of(const std::vector<std::string>& columns) {
  std::string header;
  for (const std::string& name : columns) {
    if (name.empty() || name.find_first_of(",\"\r\n") != std::string::npos) {
      throw Error(ErrorCode::kInternal, "column name '" + name +
                                            "' of a metrics file: it has to be non-empty, without "
                                            "commas, quotes and line breaks");
    }
    header += header.empty() ? name : "," + name;
  }
  if (header.empty()) throw Error(ErrorCode::kInternal, "a metrics file needs a column");
  return header + "\n";
}

std::string number_text(auto number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), end};
}

/// The iteration of a row; `line` is without its end.
std::int64_t iteration_of(std::string_view line, std::size_t n_columns, const fs::path& path,
                          std::int64_t line_number) {
  const std::string_view first = line.substr(0, line.find(','));
  std::int64_t iteration = 0;
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), iteration);
  const auto n_entries = static_cast<std::size_t>(std::ranges::count(line, ',')) + 1;
  if (error != std::errc() || end != first.data() + first.size() || n_entries != n_columns) {
    throw Error(ErrorCode::kBadData,
                path.string() + ":" + std::to_string(line_number) + ": not a row of " +
                    std::to_string(n_columns) +
                    " values that begins with an iteration; take this line out, " + "or mend it");
  }
  return iteration;
}

/// The header and the rows of a file up to an iteration.
/// @param kept_iterations  those of the rows, appended
std::string kept_part(const fs::path& path, const std::vector<std::string>& columns,
                      std::int64_t keep_up_to_iteration,
                      std::vector<std::int64_t>& kept_iterations) {
  const std::string header = header_of(columns);
  std::error_code ignored;
  const std::string content = fs::exists(path, ignored) ? base::read_file(path) : std::string();
  std::string_view text = content;
  if (text.empty()) return header;
  if (!text.starts_with(header)) {
    throw Error(ErrorCode::kBadData, path.string() + ": the columns are '" +
                                         std::string(text.substr(0, text.find_first_of("\r\n"))) +
                                         "'; this run writes '" +
                                         header.substr(0, header.size() - 1) + "'");
  }
  std::string kept = header;
  text.remove_prefix(header.size());
  std::int64_t line_number = 2;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos; ++line_number) {
    const std::string_view line = text.substr(0, end);
    const std::int64_t iteration = iteration_of(line, columns.size(), path, line_number);
    if (iteration <= keep_up_to_iteration) {
      kept_iterations.push_back(iteration);
      kept += line;
      kept += '\n';
    }
    text.remove_prefix(end + 1);
  }
  return kept;
}

}  // namespace

std::string format_csv_value(const CsvValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return number_text(*whole);
  if (const auto* real = std::get_if<double>(&value)) {
    if (!std::isnan(*real)) return number_text(*real);
  }
  return {};
}

MetricsCsv::MetricsCsv(fs::path path, std::vector<std::string> columns)
    : columns_(std::move(columns)), file_(std::move(path), header_of(columns_)) {}

MetricsCsv::MetricsCsv(fs::path path, std::vector<std::string> columns,
                       std::int64_t keep_up_to_iteration)
    : columns_(std::move(columns)),
      file_(path, kept_part(path, columns_, keep_up_to_iteration, kept_)) {}

std::string MetricsCsv::missing_rows(std::int64_t every, std::int64_t up_to) const {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> gaps;
  std::vector<std::int64_t> rows = kept_;
  std::ranges::sort(rows);
  rows.push_back(up_to - up_to % every + every);
  std::int64_t expected = every;
  for (const std::int64_t row : rows) {
    if (row > expected) {
      gaps.push_back(std::to_string(expected) + " to " + std::to_string(row - every));
    }
    expected = std::max(expected, row + every);
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(gaps.size(), kNamed); ++i) {
    const bool is_last = i + 1 == gaps.size();
    text += (i == 0 ? "" : is_last ? " and " : ", ") + gaps[i];
  }
  if (gaps.size() > kNamed) text += " and more";
  return text;
}

void MetricsCsv::append(std::span<const CsvValue> row) {
  if (row.size() != columns_.size() || !std::holds_alternative<std::int64_t>(row.front())) {
    throw Error(ErrorCode::kInternal,
                "a row of " + std::to_string(row.size()) + " values for " + file_.path().string() +
                    ": it needs " + std::to_string(columns_.size()) + ", the first a whole number");
  }
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) line += ',';
    line += format_csv_value(row[i]);
  }
  line += '\n';
  file_.append(line);
}

}  // namespace ebm::report
