#pragma once

#include <vector>

#include "app/bench/plan.h"
#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {

/// One document {"machine", "rows"}.
std::string bench_json(const samplers::Machine& machine,
                       const std::vector<samplers::BenchRow>& rows);

/// A line of names and one for each row, each with the processor, SIMD target and version, so that
/// files of several machines can be put together.
std::string bench_csv(const samplers::Machine& machine,
                      const std::vector<samplers::BenchRow>& rows);

}  // namespace ebm::app
