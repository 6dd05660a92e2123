#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "samplers/throughput/machine.h"

namespace ebm::evaluation {

/// What figures of speed hold for: processor, cores, SIMD target, memory, version of the program,
/// FMA peaks by number of threads.
nlohmann::json machine_json(const samplers::Machine& machine);

/// Columns of CSV that say the same of every row: cpu, cores, simd, version.
std::string machine_columns();
std::string machine_cells(const samplers::Machine& machine);

/// Text as a field of CSV, in quotation marks.
std::string csv_quoted(const std::string& text);

}  // namespace ebm::evaluation
