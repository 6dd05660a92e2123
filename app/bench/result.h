#pragma once

#include <string>
#include <vector>

#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {

/// The rows on stdout.
/// @param format  table, csv or json
void print_bench(const std::string& format, const samplers::Machine& machine,
                 const std::vector<samplers::BenchRow>& rows);

}  // namespace ebm::app
