#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "report/histogram.h"

namespace ebm::report {

/// The histograms of one name, by step.
using HistogramsByStep = std::map<std::int64_t, Histogram>;

/// The histograms in the event files of a folder, by name. What a later file voids by starting at
/// an earlier step is left out.
/// @throws Error(kBadData) naming the file that is damaged, or the folder if its files have
///         histograms of more than 100 names; Error(kIo).
std::map<std::string, HistogramsByStep> read_event_histograms(const std::filesystem::path& folder);

}  // namespace ebm::report
