#pragma once

#include <string>
#include <vector>

#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/machine.h"

namespace ebm::evaluation {

/// Measured throughput as a table for people, below a description of the machine.
std::string throughput_table(const samplers::Machine& machine,
                             const std::vector<samplers::BenchRow>& rows);

}  // namespace ebm::evaluation
