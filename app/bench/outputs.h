#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/bench/options.h"
#include "samplers/throughput/bench_case.h"
#include "samplers/throughput/bench_row.h"
#include "samplers/throughput/machine.h"

namespace ebm::app {

/// A result in each of its formats.
struct ResultTexts {
  std::function<nlohmann::json()> json;
  std::function<std::string()> csv, table;
};

/// Writes the file of --out, and prints.
void show_result(const BenchOptions& options, const ResultTexts& texts);

/// @throws Error(kUsage) if the cases sweep neither threads nor chains, which --plot shows
void require_plot(const std::vector<samplers::BenchCase>& cases);

/// Writes the file of --plot.
void write_plot(const std::string& file, const samplers::Machine& machine,
                const std::vector<samplers::BenchRow>& rows);

}  // namespace ebm::app
