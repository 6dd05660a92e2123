#include "evaluation/throughput/machine_report.h"

#include <map>
#include <nlohmann/json.hpp>

namespace ebm::evaluation {

nlohmann::json machine_json(const samplers::Machine& machine) {
  const auto by_threads = [](const std::map<int, double>& peaks) {
    nlohmann::json all = nlohmann::json::object();
    for (const auto& [threads, peak] : peaks) all[std::to_string(threads)] = peak;
    return all;
  };
  nlohmann::json all{
      {"cpu", machine.cpu},         {"cores", machine.n_cores},
      {"simd", machine.simd},       {"memory_bytes", machine.memory_bytes},
      {"version", machine.version}, {"fma_peak_gflops", by_threads(machine.fma_peak_gflops)}};
  if (machine.bf16_unit.empty()) return all;
  all["bf16_unit"] = machine.bf16_unit;
  all["bf16_peak_gflops"] = by_threads(machine.bf16_peak_gflops);
  return all;
}

std::string machine_columns() { return "cpu,cores,simd,version"; }

std::string machine_cells(const samplers::Machine& machine) {
  return csv_quoted(machine.cpu) + "," + std::to_string(machine.n_cores) + "," + machine.simd +
         "," + machine.version;
}

std::string csv_quoted(const std::string& text) {
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + "\"";
}

}  // namespace ebm::evaluation
