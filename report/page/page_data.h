#pragma once

#include <string>
#include <vector>

#include "report/page/run_record.h"

namespace ebm::report {

/// A chart of the page: columns of metrics.csv over iterations.
struct Chart {
  std::string title;
  std::vector<std::string> columns;
};

/// The charts that a run has values for: energies, gap, loss, gradient norm and FD in front, then
/// one for every further figure, one for the same figure of all classes; none for counts of time
/// and speed.
std::vector<Chart> charts_of(const MetricsTable& metrics);

/// What the script of the page draws, as a JSON document:
/// {"charts": [{"title", "series": [{"name", "x", "y"}]}],
///  "samples": [{"iteration", "pictures": {KIND: data URI}}],
///  "histograms": [{"iteration", "series": [{"name", "edges", "densities"}]}],
///  "long_run": {"steps", "series": [{"name", "y"}]},
///  "energies": [{"name", "edges", "densities"}]}
std::string page_data(const RunRecord& run);

}  // namespace ebm::report
