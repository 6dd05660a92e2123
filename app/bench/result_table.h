#pragma once

#include <vector>

#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {

/// The rows of `ebm bench` as a table on stdout, below a description of the machine.
void print_bench_table(const samplers::Machine& machine,
                       const std::vector<samplers::BenchRow>& rows);

}  // namespace ebm::app
