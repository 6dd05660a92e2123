#include "app/bench/machine_text.h"

namespace ebm::app {

nlohmann::json machine_json(const samplers::Machine& machine) {
  nlohmann::json peaks = nlohmann::json::object();
  for (const auto& [threads, peak] : machine.fma_peak_gflops) peaks[std::to_string(threads)] = peak;
  return {{"cpu", machine.cpu},     {"cores", machine.n_cores},
          {"simd", machine.simd},   {"memory_bytes", machine.memory_bytes},
          {"version", EBM_VERSION}, {"fma_peak_gflops", peaks}};
}

std::string csv_text(const std::string& text) {
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + "\"";
}

std::string machine_columns() { return "cpu,cores,simd,version"; }

std::string machine_cells(const samplers::Machine& machine) {
  return csv_text(machine.cpu) + "," + std::to_string(machine.n_cores) + "," + machine.simd + "," +
         EBM_VERSION;
}

}  // namespace ebm::app
