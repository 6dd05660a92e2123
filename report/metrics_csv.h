#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/append_file.h"

namespace ebm::report {

/// One entry of a row: nothing, a whole number or a real one.
using CsvValue = std::variant<std::monostate, std::int64_t, double>;

/// The text of a value: the shortest decimal that reads back as the same bits, whatever the locale;
/// Empty for nothing and for NaN; "inf" and "-inf" for an infinite number.
std::string format_csv_value(const CsvValue& value);

/// The metrics of a run as comma-separated lines under a line of column names, the first of which
/// is the iteration. Every row reaches the file before append() returns, so that a stopped run
/// loses none.
class MetricsCsv {
 public:
  /// Starts a new file; one that is already there is replaced.
  /// @throws Error(kInternal) if a column's name is empty or has a comma, a quote or a line break;
  ///         Error(kIo) naming the file.
  MetricsCsv(std::filesystem::path path, std::vector<std::string> columns);

  /// Continues a file: rows with an iteration above `keep_up_to_iteration` are removed, and so is
  /// a last line that lacks its end, as a crash leaves it. A file that is not there is started.
  /// @throws Error(kBadData) naming the file if its columns are others or a line is not a row,
  ///         Error(kInternal) and Error(kIo) as above; the file is then as it was.
  MetricsCsv(std::filesystem::path path, std::vector<std::string> columns,
             std::int64_t keep_up_to_iteration);

  /// @param row  one value for each column; the first is the iteration, a whole number
  /// @throws     Error(kInternal) if it is not, Error(kIo) naming the file; no part of the row is
  ///             then left in it, as far as the system allows.
  void append(std::span<const CsvValue> row);

  /// The iterations every, 2 · every, ..., up_to that had no row when the file was opened, as
  /// "20 to 40 and 70 to 70"; empty if all had one. Of many gaps only the first three are named.
  std::string missing_rows(std::int64_t every, std::int64_t up_to) const;

  /// Makes all rows durable. @throws Error(kIo) naming the file.
  void sync() { file_.sync(); }

 private:
  std::vector<std::string> columns_;
  std::vector<std::int64_t> kept_;  ///< iterations of the rows that were there
  base::AppendFile file_;
};

}  // namespace ebm::report
