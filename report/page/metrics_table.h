#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ebm::report {

/// Figures of a run over its iterations.
struct MetricsTable {
  struct Column {
    std::string name;
    std::vector<double> values;  ///< one per row; NaN where there is none
  };
  std::vector<std::int64_t> iterations{};  ///< rising
  std::vector<Column> columns{};           ///< all but the iteration

  /// null if there is none of that name
  const Column* find(std::string_view name) const;
};

/// Reads what MetricsCsv writes, also if an editor has changed the ends of its lines. A last line
/// without its end, as a run leaves it that is writing or was killed, is passed over.
/// @param path  for messages
/// @throws Error(kBadData) naming the path, and the line unless it is the first; also for more than
///         1000 figures.
MetricsTable read_metrics(std::string_view text, const std::filesystem::path& path);

}  // namespace ebm::report
