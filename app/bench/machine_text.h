#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "samplers/throughput/machine.h"

namespace ebm::app {

/// What figures of speed hold for: processor, cores, SIMD target, memory, version of the program,
/// FMA peaks by number of threads.
nlohmann::json machine_json(const samplers::Machine& machine);

/// Text as a field of CSV, in quotation marks.
std::string csv_text(const std::string& text);

/// Columns of CSV that say the same of every row: cpu, cores, simd, version.
std::string machine_columns();
std::string machine_cells(const samplers::Machine& machine);

}  // namespace ebm::app
