#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/machine.h"

namespace ebm::evaluation {

/// Measured throughput as one document {"machine", "rows"}.
nlohmann::json throughput_json(const samplers::Machine& machine,
                               const std::vector<samplers::BenchRow>& rows);

/// A line of names and one for each row, each with the processor, SIMD target and version, so that
/// files of several machines can be put together.
std::string throughput_csv(const samplers::Machine& machine,
                           const std::vector<samplers::BenchRow>& rows);

}  // namespace ebm::evaluation
